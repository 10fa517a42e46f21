import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isOnWindowsDrive } from '../engine/host-kind.ts';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { hasCode } from '../errors/system-error.ts';

/** A directory of secrets and whose it has to be; `uid` is undefined on systems without users. */
export interface PrivateDir {
  readonly dir: string;
  readonly uid: number | undefined;
}

/**
 * Whether the directory is there; refuses one that others could read.
 * @throws MeshdevError STATE_NOT_PRIVATE
 */
export async function hasPrivateDir({ dir, uid }: PrivateDir): Promise<boolean> {
  const stats = await lstat(dir).catch(absentIsUndefined);
  if (stats === undefined) return false;
  if (!stats.isDirectory()) throw notPrivate(dir, 'it is not a directory', `rm ${dir}`);
  refuseOthers(dir, stats, uid, '700');
  return true;
}

/** Makes the directory and what is missing above it, 0700. @throws MeshdevError STATE_NOT_PRIVATE */
export async function makePrivateDir(place: PrivateDir): Promise<void> {
  try {
    await mkdir(place.dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new MeshdevError('STATE_NOT_PRIVATE', {
      message: `creating ${place.dir}: ${textOf(cause)}`,
      cause,
    });
  }
  await hasPrivateDir(place);
}

/**
 * Content of a file in the directory, undefined when there is none. Links are not followed; mode and
 * owner are those of the opened file, so nothing can be swapped in between.
 * @throws MeshdevError STATE_NOT_PRIVATE
 */
export async function readPrivate({ dir, uid }: PrivateDir, name: string): Promise<string | undefined> {
  const path = join(dir, name);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (hasCode(error, 'ELOOP')) throw notPrivate(path, 'it is a symbolic link', `rm ${path}`);
    if (hasCode(error, 'EACCES')) throw notPrivate(path, 'this user cannot read it', `ls -l ${path}`);
    return absentIsUndefined(error);
  });
  if (file === undefined) return undefined;
  try {
    refuseOthers(path, await file.stat(), uid, '600');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Writes the file whole or not at all, 0600. */
export async function writePrivate({ dir }: PrivateDir, name: string, content: string): Promise<void> {
  await writeWhole(join(dir, name), content, 0o600);
}

/** Replaces `path` in one step: a reader sees the old file or the new one, never half of one. */
export async function writeWhole(path: string, content: string, mode: number): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.new`);
  // A draft that an interrupted run left; whoever writes here holds the lock of the lab.
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', mode);
  try {
    await fill(file, content, mode);
    await rename(draft, path);
  } catch (error) {
    // It may hold a part of a key.
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function fill(file: FileHandle, content: string, mode: number): Promise<void> {
  try {
    // The mode of `open` is only an upper bound: the umask took its share.
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function refuseOthers(path: string, stats: Stats, uid: number | undefined, mode: '600' | '700'): void {
  if (uid === undefined) return;
  if (stats.uid !== uid)
    throw notPrivate(path, `it belongs to user ${stats.uid}, meshdev runs as ${uid}`, `chown ${uid} ${path}`);
  const seen = (stats.mode & 0o777).toString(8);
  if ((stats.mode & 0o077) !== 0)
    throw notPrivate(path, `its mode is ${seen}, expected ${mode}`, `chmod ${mode} ${path}`);
}

function notPrivate(path: string, seen: string, remedy: string): MeshdevError {
  return new MeshdevError('STATE_NOT_PRIVATE', {
    message: `reading the keys of the lab: ${path}: ${seen}`,
    remedies: isOnWindowsDrive(path)
      ? ['XDG_STATE_HOME=/a/directory/inside/the/distribution meshdev up']
      : [remedy],
  });
}

function absentIsUndefined(error: unknown): undefined {
  if (hasCode(error, 'ENOENT')) return undefined;
  throw error;
}
