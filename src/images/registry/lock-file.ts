import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import { isMissing } from '../../errors/system-error.ts';
import { parseJson } from '../../parse-json.ts';

const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const Lock = z.strictObject({
  schemaVersion: z.literal('1'),
  /** By name of the image; the digest of what the tag pointed to, for all platforms. */
  images: z.record(z.string(), sha256),
  /** By path of the release file, below the base of the downloads. */
  files: z.record(z.string(), sha256),
});

/** What was seen at the first pull of everything whose digest nobody publishes where we can read it. */
export type ImageLock = Readonly<z.infer<typeof Lock>>;

export const EMPTY_LOCK: ImageLock = { schemaVersion: '1', images: {}, files: {} };

/** @throws MeshdevError CONFIG_INVALID: a lock that cannot be read must not count as an empty one */
export async function readLock(path: string): Promise<ImageLock> {
  try {
    const parsed = Lock.safeParse(parseJson(await readFile(path, 'utf8')));
    if (parsed.success) return parsed.data;
  } catch (cause) {
    if (isMissing(cause)) return EMPTY_LOCK;
    throw new MeshdevError('CONFIG_INVALID', { message: `reading ${path}: ${textOf(cause)}`, cause });
  }
  throw new MeshdevError('CONFIG_INVALID', {
    message: `reading ${path}: it is not a meshdev lock file`,
    remedies: [`mv ${path} ${path}.bad`, 'meshdev images lock --update'],
  });
}

/** Adds digests that were seen for the first time, and writes only when there are some. */
export function addToLock(path: string, seen: Pick<ImageLock, 'images' | 'files'>): Promise<void> {
  // Images and tools are brought at the same time: one addition after the other.
  const added = queue.then(() => add(path, seen));
  queue = added.catch(() => undefined);
  return added;
}

let queue: Promise<void> = Promise.resolve();

async function add(path: string, seen: Pick<ImageLock, 'images' | 'files'>): Promise<void> {
  const held = await readLock(path);
  const images = { ...seen.images, ...held.images };
  const files = { ...seen.files, ...held.files };
  const grown = Object.keys(images).length + Object.keys(files).length;
  if (grown === Object.keys(held.images).length + Object.keys(held.files).length) return;
  await writeLock(path, { ...held, images, files });
}

export async function writeLock(path: string, lock: ImageLock): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const sorted = (record: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify({ ...lock, images: sorted(lock.images), files: sorted(lock.files) }, null, 2);
  await writeFile(`${path}.new`, `${text}\n`);
  await rename(`${path}.new`, path);
}
