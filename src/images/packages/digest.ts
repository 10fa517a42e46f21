import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isMissing } from '../../errors/system-error.ts';

/** One file of a directory: path relative to it, bytes, SHA-256 in hexadecimal. */
export interface FileDigest {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Digests of all regular files below `dir`, sorted by path; an absent directory has none. */
export async function digestsBelow(dir: string): Promise<readonly FileDigest[]> {
  const paths = await filesBelow(dir);
  return Promise.all(paths.map((path) => fileDigest(dir, path)));
}

async function fileDigest(dir: string, path: string): Promise<FileDigest> {
  const full = join(dir, path);
  return { path, size: (await stat(full)).size, sha256: await sha256OfFile(full) };
}

/** Paths of regular files below `dir`, relative to it and sorted. */
export async function filesBelow(dir: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => relative(dir, join(entry.parentPath, entry.name))).toSorted();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Names in a directory; an absent one has none. */
export async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
