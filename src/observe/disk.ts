import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes that this user may still write at a path, or at its nearest directory that exists. */
export async function freeBytes(path: string): Promise<number> {
  try {
    const seen = await statfs(path);
    return seen.bavail * seen.bsize;
  } catch (error) {
    if (dirname(path) === path) throw error;
    return freeBytes(dirname(path));
  }
}
