import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { createZstdDecompress } from 'node:zlib';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { megabytes } from '../progress-bytes.ts';
import { LAST_LINE, type Layout, layoutOf, MANIFEST_LIMIT, MANIFEST_NAME, readTarHeader } from './layout.ts';
import { type BundleManifest, parseManifest } from './manifest.ts';
import { damaged, unreadable } from './problems.ts';

/** The beginning of a bundle: what it says of itself, not verified yet. */
export interface BundleHead {
  readonly path: string;
  readonly manifest: BundleManifest;
  readonly layout: Layout;
  readonly bytes: number;
}

const CHUNK = 4 << 20;
const BLOCK = 512;

/**
 * Reads the manifest alone, which costs nothing.
 * @throws MeshdevError BUNDLE_UNREADABLE, BUNDLE_DAMAGED (cut, or not a bundle), BUNDLE_UNSUPPORTED
 */
export async function readHead(path: string): Promise<BundleHead> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const manifest = understood(path, await readManifest(path, file));
    const layout = layoutOf(manifest);
    if (size < layout.total) throw damaged(path, `it is truncated: it has ${size} of ${layout.total} bytes`);
    if (size > layout.total) throw damaged(path, `it has ${size} bytes, expected ${layout.total}`);
    return { path, manifest, layout, bytes: size };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readManifest(path: string, file: FileHandle): Promise<string> {
  const header = readTarHeader(await readAt(file, 0, BLOCK));
  if (header?.name !== MANIFEST_NAME) throw damaged(path, 'it is not a meshdev bundle');
  if (header.bytes > MANIFEST_LIMIT)
    throw damaged(path, `its header declares a manifest of ${header.bytes} bytes`);
  const text = await readAt(file, BLOCK, header.bytes);
  if (text.length < header.bytes) throw damaged(path, 'it is truncated within its manifest');
  return text.toString('utf8');
}

function understood(path: string, text: string): BundleManifest {
  const parsed = parseManifest(text);
  switch (parsed.kind) {
    case 'good':
      return parsed.manifest;
    case 'bad':
      throw damaged(path, parsed.because);
    case 'other-version':
      throw new MeshdevError('BUNDLE_UNSUPPORTED', {
        message: `reading the bundle ${path}: its schema version is ${parsed.schemaVersion}, and this version of meshdev reads schema version 1`,
        remedies: ['meshdev bundle create FILE, with this version of meshdev'],
      });
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/**
 * Reads every byte once and compares them with the last line of the file.
 * @returns the digest of the whole file, as `sha256sum` prints it
 * @throws MeshdevError BUNDLE_DAMAGED when one bit is not as it was made; INTERRUPTED
 */
export async function verifyFile(head: BundleHead, run: RunScope): Promise<string> {
  const { path, layout, bytes } = head;
  try {
    await using file = await open(path, 'r');
    const hash = createHash('sha256');
    // One for all pieces: half a gigabyte of new ones would take longer than the digest.
    const space = Buffer.allocUnsafe(CHUNK);
    for (let at = 0; at < layout.archive;) {
      if (run.signal.aborted)
        throw new MeshdevError('INTERRUPTED', { message: `stopped on request while verifying ${path}` });
      const { bytesRead } = await file.read(space, 0, Math.min(CHUNK, layout.archive - at), at);
      if (bytesRead === 0)
        throw damaged(path, `it was truncated while meshdev read it: ${at} of ${bytes} bytes`);
      hash.update(space.subarray(0, bytesRead));
      at += bytesRead;
      run.progress(`verifying the bundle · ${megabytes(at)} of ${megabytes(bytes)}`);
    }
    const last = await readAt(file, layout.archive, LAST_LINE);
    const found = `sha256:${hash.copy().digest('hex')}\n`;
    // Compared as bytes: text would forgive what is no text.
    if (!last.equals(Buffer.from(found)))
      throw damaged(path, `the digest of its content is ${found.trim()}, expected ${printable(last)}`);
    return hash.update(last).digest('hex');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function printable(line: Buffer): string {
  const text = line.toString('latin1').trim();
  return /^[\x20-\x7e]+$/.test(text) ? text : 'a value that is not a digest';
}

/**
 * The content of one blob, compared with the manifest as it goes: what was verified once may have been
 * changed since, and then the last step of this iteration throws.
 * @throws MeshdevError BUNDLE_DAMAGED
 */
export async function* readBlob(head: BundleHead, digest: string): AsyncGenerator<Buffer> {
  const extent = head.layout.blobs.get(digest);
  if (extent === undefined) throw new RangeError(`${head.path} has no blob ${digest}`);
  const { at, blob } = extent;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of decompressed(head.path, at, blob.stored)) {
      bytes += chunk.length;
      if (bytes > blob.size) break;
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^ZSTD_|^Z_/.test(String(error.code)))
      throw damaged(head.path, `${digest} cannot be decompressed (${error.message})`);
    throw unreadable(head.path, error);
  }
  if (bytes !== blob.size || `sha256:${hash.digest('hex')}` !== digest)
    throw damaged(head.path, `the content of ${digest} does not match its digest`);
}

async function* decompressed(path: string, at: number, stored: number): AsyncGenerator<Buffer> {
  await using file = await open(path, 'r');
  const source = file.createReadStream({
    start: at,
    end: at + stored - 1,
    highWaterMark: 1 << 20,
    autoClose: false,
  });
  const zstd = createZstdDecompress({ chunkSize: 1 << 20 });
  source.on('error', (error) => zstd.destroy(error));
  source.pipe(zstd);
  try {
    for await (const chunk of zstd) yield Buffer.from(chunk);
  } finally {
    source.destroy();
    zstd.destroy();
  }
}
