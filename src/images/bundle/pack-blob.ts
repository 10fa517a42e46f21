import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { constants, createGunzip, createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { BundledBlob } from './manifest.ts';
import { unwritable } from './problems.ts';

/** Level 3 packs the images of a lab to a third, at the speed of the engine's own export. */
const SETTINGS = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 3,
    [constants.ZSTD_c_checksumFlag]: 0,
    [constants.ZSTD_c_contentSizeFlag]: 0,
    [constants.ZSTD_c_nbWorkers]: 0,
  },
  chunkSize: 1 << 20,
};

const PIECE = 1 << 20;
/** Configurations and manifests of images are read whole; layers never are. */
const SMALL = 1 << 20;

/** A blob that waits in a directory, compressed, to be written into a bundle. */
export interface PackedBlob extends BundledBlob {
  readonly path: string;
  /** All of it, when it is small enough to be a configuration. */
  readonly small: Buffer | undefined;
}

/**
 * Compresses a stream into `dir`, under the digest of its content. Equal content gives equal bytes: the
 * compressor is fed in pieces of one size and is never told early that the end has come, since both
 * would show in what it writes.
 */
export async function packBlob(
  dir: string,
  content: AsyncIterable<Uint8Array> | readonly Uint8Array[],
  draft: string,
): Promise<PackedBlob> {
  const path = join(dir, draft);
  const zstd = createZstdCompress(SETTINGS);
  const broken: Broken = {};
  const writing = writeOut(path, zstd, broken);
  // Awaited below; until then a full disk must not count as nobody's error.
  writing.catch(() => undefined);
  try {
    const { size, digest, small } = await feed(zstd, content);
    zstd.end();
    const stored = await writing;
    const place = join(dir, digest.slice('sha256:'.length));
    await rename(path, place);
    return { digest, size, stored, path: place, small };
  } catch (error) {
    broken.by ??= error;
    zstd.destroy();
    await writing.catch(() => undefined);
    throw unwritable(path, broken.by);
  }
}

/** What went wrong first: whatever follows from it only says that a stream has ended. */
interface Broken {
  by?: unknown;
}

/** @returns how much was written */
async function writeOut(path: string, source: AsyncIterable<Buffer>, broken: Broken): Promise<number> {
  let stored = 0;
  try {
    await using file = await open(path, 'w');
    for await (const chunk of source) {
      stored += chunk.length;
      await file.writeFile(chunk).catch((error: unknown) => {
        broken.by ??= error;
        throw error;
      });
    }
  } catch (error) {
    broken.by ??= error;
    throw error;
  }
  return stored;
}

async function feed(zstd: Writable, content: AsyncIterable<Uint8Array> | readonly Uint8Array[]) {
  const hash = createHash('sha256');
  const small: Buffer[] = [];
  let size = 0;
  let pending = Promise.resolve();
  for await (const piece of inPieces(content)) {
    hash.update(piece);
    size += piece.length;
    if (size <= SMALL) small.push(piece);
    // While one piece is compressed, the next one is read and hashed.
    await pending;
    pending = written(zstd, piece);
    pending.catch(() => undefined);
  }
  await pending;
  const digest = `sha256:${hash.digest('hex')}`;
  return { size, digest, small: size <= SMALL ? Buffer.concat(small) : undefined };
}

function written(stream: Writable, piece: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stream.write(piece, (error) => (error == null ? resolve() : reject(error)));
  return promise;
}

/** The same bytes in pieces of one size, but for the last. */
export async function* inPieces(
  content: AsyncIterable<Uint8Array> | readonly Uint8Array[],
  size = PIECE,
): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    held.push(chunk);
    length += chunk.length;
    if (length < size) continue;
    const all = Buffer.concat(held);
    let at = 0;
    for (; length - at >= size; at += size) yield all.subarray(at, at + size);
    held = [all.subarray(at)];
    length -= at;
  }
  if (length > 0) yield Buffer.concat(held);
}

/** Content as it was before it was compressed: engines hand layers out in either way. */
export async function* unpacked(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = content[Symbol.asyncIterator]();
  const first = await reader.next();
  if (first.done === true) return;
  const whole = (async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) yield next.value;
  })();
  const decoder = decoderOf(first.value);
  if (decoder === undefined) return yield* whole;
  const { Readable } = await import('node:stream');
  const source = Readable.from(whole);
  source.on('error', (error) => decoder.destroy(error));
  for await (const chunk of source.pipe(decoder)) yield Buffer.from(chunk);
}

function decoderOf(
  start: Uint8Array,
): ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress> | undefined {
  const magic = Buffer.from(start.subarray(0, 4)).toString('hex');
  if (magic.startsWith('1f8b')) return createGunzip();
  return magic === '28b52ffd' ? createZstdDecompress() : undefined;
}
