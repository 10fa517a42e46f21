import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PrivateEntry, PrivateFiles } from '../../evidence/exposure.ts';
import type { Needs } from '../probe-context.ts';

/** Owner and mode of everything in the lab's state that others must not read. */
export async function collectPrivateFiles({
  context: { files, keyStore },
}: Needs<'context'>): Promise<PrivateFiles> {
  const keys = (await readdir(keyStore.dir)).map((name) => join(keyStore.dir, name));
  const directories = [dirname(keyStore.dir), keyStore.dir];
  const paths = [...directories, files.kubeconfig, files.record, ...keys];
  return { uid: keyStore.uid, entries: await Promise.all(paths.map(entryOf)) };
}

/** Links are not followed: where one leads is another's business. */
async function entryOf(path: string): Promise<PrivateEntry> {
  const stats = await lstat(path);
  const kind = stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : 'other';
  return { path, kind, mode: stats.mode & 0o777, uid: stats.uid };
}
