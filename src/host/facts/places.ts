import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from '../../errors/system-error.ts';
import type { EngineSeen, Fact, Place, Space } from '../../ports/host-facts.ts';
import type { Paths } from '../../topology/paths.ts';
import { absent, readFact, seen } from './read-fact.ts';

/** Each with a fact of its own: one file system that hangs does not hide the others. */
export async function readPlaces(
  { cacheDir, stateDir }: Paths,
  engine: Promise<Fact<EngineSeen>>,
  deadline: AbortSignal,
): Promise<readonly Place[]> {
  const own = ([role, path]: readonly ['cache' | 'state', string]): Promise<Place> =>
    readFact(deadline, () => readSpace(path)).then((space) => ({ role, path, space }));
  return Promise.all([own(['cache', cacheDir]), own(['state', stateDir]), ofEngine(engine, deadline)]);
}

async function ofEngine(engine: Promise<Fact<EngineSeen>>, deadline: AbortSignal): Promise<Place> {
  const known = await engine;
  if (known.kind !== 'seen') return { role: 'engine', path: 'unknown', space: known };
  const { info, diskIsHere } = known.value;
  const space = diskIsHere
    ? await readFact(deadline, () => readSpace(info.dataRoot))
    : absent('the disk of the engine is in a virtual machine or on another machine');
  return { role: 'engine', path: info.dataRoot, space };
}

/** @throws Error when the path cannot be looked at */
export async function readSpace(path: string): Promise<Fact<Space>> {
  const at = await nearest(path);
  const [found, disk, writable] = await Promise.all([stat(at), statfs(at), mayWrite(at)]);
  return seen({
    at,
    freeBytes: disk.bavail * disk.bsize,
    freeInodes: disk.ffree,
    inodes: disk.files,
    writable,
    owned: at === path ? { mode: found.mode & 0o7777, uid: found.uid } : undefined,
    networkFileSystem: NETWORK[disk.type],
  });
}

/** Magic numbers of statfs(2), on which locks of other machines or file modes may have no effect. */
const NETWORK: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x01021997: '9p',
  0x5346414f: 'AFS',
};

async function nearest(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if (isMissing(error) && dirname(path) !== path) return nearest(dirname(path));
    throw error;
  }
}

function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
