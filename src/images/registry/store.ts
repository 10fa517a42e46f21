import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill, pid } from 'node:process';
import { addAbortSignal, Readable } from 'node:stream';
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
  /** Room for a blob that may come in several parts. */
  draft(wanted: string): Promise<Draft>;
  drop(digest: string): Promise<void>;
  put(content: Uint8Array): Promise<{ readonly digest: string; readonly size: number }>;
}

export interface Kept {
  readonly digest: string;
  readonly size: number;
}

/** A blob on its way. What came stays until it is disposed of, so that the rest of it can follow. */
export interface Draft extends AsyncDisposable {
  /** Bytes that came so far. */
  readonly size: number;
  /** Adds what comes; what came before a failure counts. */
  append(source: Readable, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void>;
  /** Forgets what came. */
  restart(): Promise<void>;
  /** Keeps it under its digest when it is the wanted one. */
  finish(): Promise<Kept>;
}

const PARTIAL = '.partial-';

export function blobStore(dir: string): BlobStore {
  const pathOf = (digest: string): string => join(dir, hexOf(digest));
  return {
    dir,
    has: (digest) => isThere(pathOf(digest)),
    read: (digest) => readFile(pathOf(digest)).catch(() => undefined),
    open: (digest) => Readable.from(verified(pathOf(digest), digest), { objectMode: false }),
    keep: async (source, wanted, onBytes, signal) => {
      await using draft = await openDraft(dir, pathOf(wanted), wanted);
      await draft.append(source, onBytes, signal);
      return await draft.finish();
    },
    draft: (wanted) => openDraft(dir, pathOf(wanted), wanted),
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

async function openDraft(dir: string, path: string, wanted: string): Promise<Draft> {
  await mkdir(dir, { recursive: true });
  const draft = draftIn(dir, wanted);
  const file = await open(draft, 'wx', 0o644);
  let hash = createHash('sha256');
  let size = 0;
  return {
    get size() {
      return size;
    },
    append: async (source, onBytes, signal) => {
      const chunks: AsyncIterable<Buffer> = addAbortSignal(signal, source);
      for await (const chunk of chunks) {
        await writeAt(file, chunk, size);
        hash.update(chunk);
        size += chunk.length;
        onBytes(chunk.length);
      }
    },
    restart: async () => {
      await file.truncate(0);
      hash = createHash('sha256');
      size = 0;
    },
    finish: async () => {
      const digest = `sha256:${hash.copy().digest('hex')}`;
      if (digest === wanted) await rename(draft, path);
      return { digest, size };
    },
    [Symbol.asyncDispose]: async () => {
      await file.close();
      await rm(draft, { force: true });
    },
  };
}

/** One call may write less than it was given. */
async function writeAt(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < chunk.length)
    done += (await file.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
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
    message: `reading ${path}: its digest is ${digest}, expected ${wanted}; it was removed`,
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
      await rm(join(dir, name), { recursive: true, force: true });
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
