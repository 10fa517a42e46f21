import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill, pid } from 'node:process';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { OpenBlob } from '../oci-archive.ts';
import { hexOf } from '../oci-image.ts';
import { namesIn } from '../packages/digest.ts';

/** Blobs by digest in a directory: what is there under its name is whole and has that digest. */
export interface BlobStore {
  readonly dir: string;
  has(digest: string): Promise<boolean>;
  read(digest: string): Promise<Buffer | undefined>;
  /** Fails at its end, and removes the blob, when a disk has changed a byte of it since. */
  readonly open: OpenBlob;
  /**
   * Keeps a stream under its digest; nothing stays of one that breaks off or is another than wanted.
   * @returns the digest and size that came
   */
  keep(
    source: Readable,
    wanted: string,
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Kept>;
  drop(digest: string): Promise<void>;
  put(content: Uint8Array): Promise<{ readonly digest: string; readonly size: number }>;
}

export interface Kept {
  readonly digest: string;
  readonly size: number;
}

const PARTIAL = '.partial-';

export function blobStore(dir: string): BlobStore {
  const pathOf = (digest: string): string => join(dir, hexOf(digest));
  return {
    dir,
    has: (digest) => isThere(pathOf(digest)),
    read: (digest) => readFile(pathOf(digest)).catch(() => undefined),
    open: (digest) => Readable.from(verified(pathOf(digest), digest), { objectMode: false }),
    keep: (source, wanted, onBytes, signal) => keep(dir, pathOf(wanted), source, { wanted, onBytes, signal }),
    drop: (digest) => rm(pathOf(digest), { force: true }),
    put: async (content) => {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
      await mkdir(dir, { recursive: true });
      const draft = draftIn(dir, digest);
      await writeFile(draft, content);
      await rename(draft, pathOf(digest));
      return { digest, size: content.length };
    },
  };
}

interface Keeping {
  readonly wanted: string;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

async function keep(
  dir: string,
  path: string,
  source: Readable,
  { wanted, onBytes, signal }: Keeping,
): Promise<Kept> {
  await mkdir(dir, { recursive: true });
  const draft = draftIn(dir, wanted);
  const hash = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  try {
    await pipeline(source, measure, createWriteStream(draft, { mode: 0o644 }), { signal });
    const digest = `sha256:${hash.digest('hex')}`;
    if (digest === wanted) await rename(draft, path);
    return { digest, size };
  } finally {
    await rm(draft, { force: true });
  }
}

async function* verified(path: string, wanted: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const source: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 18 });
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  const digest = `sha256:${hash.digest('hex')}`;
  if (digest === wanted) return;
  await rm(path, { force: true });
  throw spoiled(path, wanted, digest);
}

function spoiled(path: string, wanted: string, digest: string): MeshdevError {
  return new MeshdevError('IMAGE_CORRUPT', {
    message: `reading ${path}: its digest is ${digest}, wanted ${wanted}; it was removed`,
    remedies: ['meshdev up'],
  });
}

let drafts = 0;

/** A name of its own for every write: two runs may fetch the same blob. */
function draftIn(dir: string, digest: string): string {
  drafts += 1;
  return join(dir, `${PARTIAL}${pid}-${drafts}-${hexOf(digest).slice(0, 12)}`);
}

/** Removes what runs left that were killed; those of living ones stay. */
export async function sweepPartial(dir: string): Promise<void> {
  const left = (await namesIn(dir)).filter((name) => name.startsWith(PARTIAL));
  for (const name of left)
    if (!isAlive(Number(name.slice(PARTIAL.length).split('-')[0])))
      await rm(join(dir, name), { force: true });
}

function isAlive(owner: number): boolean {
  try {
    kill(owner, 0);
    return true;
  } catch {
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
