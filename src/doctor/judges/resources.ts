import { ENOUGH_CPUS, ENOUGH_MEMORY_BYTES, gibibytes, memoryProblem } from '../../engine/engine-fit.ts';
import { isOnWindowsDrive } from '../../engine/host-kind.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { ENOUGH_INOTIFY } from '../../host/judges/inotify-limits.ts';
import {
  bytesText,
  inodesText,
  PLACE_NAMES,
  roomOf,
  type Room,
  spaceProblem,
  spaceRemedies,
} from '../../host/judges/space-problem.ts';
import type { EngineInfo } from '../../ports/container-engine.ts';
import type { InotifyLimits, MachineFacts, Place, Space } from '../../ports/host-facts.ts';
import {
  type Cases,
  fatal,
  type FindingKind,
  given,
  type Judgement,
  ok,
  skip,
  type SysctlKey,
  warn,
} from '../finding.ts';

export const RESOURCE_FINDINGS: readonly FindingKind[] = [
  {
    id: 'MD-HOST-004',
    subject: 'resources',
    title: 'the engine has enough memory and CPUs',
    why: 'pods stay Pending or are killed, and the proxies of the chain time out',
    worst: 'fatal',
    judge: ({ engine }) =>
      given(engine, ({ info }): Cases => [
        ['memory', memoryOf(info)],
        ['cpus', cpusOf(info)],
      ]),
  },
  {
    id: 'MD-HOST-019',
    subject: 'resources',
    title: 'cache, state and engine have free disk space',
    why: 'images cannot be built or loaded, and etcd in the node stops when its disk is full',
    worst: 'fatal',
    judge: ({ places }) =>
      given(places, (all) => all.map((place) => [place.role, spaceOf(place, 'bytes')] as const)),
  },
  {
    id: 'MD-HOST-020',
    subject: 'resources',
    title: 'cache, state and engine have free inodes',
    why: 'no file can be created on a disk without inodes, although it has free space',
    worst: 'fatal',
    judge: ({ places }) =>
      given(places, (all) => all.map((place) => [place.role, spaceOf(place, 'inodes')] as const)),
  },
  {
    id: 'MD-HOST-012',
    subject: 'resources',
    title: 'the directories of meshdev are writable, private and on a local disk',
    why: 'the state directory holds the keys of all authorities of a lab, and its locks keep two commands apart',
    worst: 'fatal',
    judge: ({ places, machine }) =>
      given(places, (all) =>
        given(machine, ({ uid }): Cases =>
          all
            .filter(({ role }) => role !== 'engine')
            .map((place) => [place.role, given(place.space, (space) => ownedBy(uid, place, space))]),
        ),
      ),
  },
  {
    id: 'MD-HOST-005',
    subject: 'resources',
    title: 'the limits for inotify and open files are high enough',
    why: 'systemd in the node, kubelet and containerd fail with “too many open files”, and the node exits when it starts',
    worst: 'warn',
    judge: ({ inotify, machine }): Cases => [
      ['inotify-instances', given(inotify, (limits) => inotifyOf('instances', limits))],
      ['inotify-watches', given(inotify, (limits) => inotifyOf('watches', limits))],
      ['open-files', given(machine, openFilesOf)],
    ],
  },
];

const MORE_MEMORY =
  'give the machine or the virtual machine of the engine more memory, then restart the engine';

function memoryOf(info: EngineInfo): Judgement {
  const problem = memoryProblem(info);
  if (problem !== undefined) return fatal(problem);
  const has = gibibytes(info.memoryBytes);
  if (info.memoryBytes >= ENOUGH_MEMORY_BYTES) return ok(has);
  return warn(`${has}; with services of your own, ${gibibytes(ENOUGH_MEMORY_BYTES)} are recommended`, [
    MORE_MEMORY,
  ]);
}

function cpusOf({ cpus }: EngineInfo): Judgement {
  if (cpus >= ENOUGH_CPUS) return ok(`${cpus} CPUs`);
  return warn(`${cpus} CPU; ${ENOUGH_CPUS} are recommended`, [
    'give the machine or the virtual machine of the engine another CPU',
  ]);
}

function spaceOf({ role, path, space }: Place, of: 'bytes' | 'inodes'): Judgement {
  return given(space, (seen): Judgement => {
    if (of === 'inodes' && seen.inodes === 0) return skip(`the file system of ${seen.at} has no inode table`);
    const room: Room = roomOf(role, seen)[of];
    const text = of === 'bytes' ? bytesText(role, seen) : inodesText(role, seen);
    if (room === 'enough') return ok(text);
    const remedies = spaceRemedies(role, seen.at, of);
    if (room === 'little') return warn(text, remedies);
    const problem = spaceProblem([{ role, path, space }]);
    return problem === undefined ? warn(text, remedies) : fatal(problem);
  });
}

function ownedBy(uid: number, { role, path }: Place, space: Space): Judgement {
  const problem = ownerProblem(uid, { role, path }, space);
  if (problem !== undefined) return fatal(problem);
  if (space.networkFileSystem !== undefined)
    return warn(`${path} is on a network file system (${space.networkFileSystem})`, [
      `${variableOf(role)}=/a/local/directory meshdev up`,
    ]);
  const open = role === 'state' && space.owned !== undefined && (space.owned.mode & 0o077) !== 0;
  if (open && space.owned !== undefined)
    return warn(
      `${path} has mode ${modeText(space.owned.mode)}: other users may enter it`,
      [`chmod 700 ${path}`],
      {
        kind: 'chmod',
        path,
        mode: 0o700,
      },
    );
  const mode = space.owned === undefined ? 'does not exist yet' : `mode ${modeText(space.owned.mode)}`;
  return ok(`${path}: ${mode}`);
}

/** Why a directory of meshdev cannot be used; undefined when it can. */
function ownerProblem(
  uid: number,
  { role, path }: Pick<Place, 'role' | 'path'>,
  space: Space,
): MeshdevError | undefined {
  const code = role === 'state' ? 'STATE_NOT_PRIVATE' : 'CACHE_NOT_WRITABLE';
  const elsewhere = `${variableOf(role)}=/a/directory/of/yours meshdev up`;
  const looking = `looking at ${PLACE_NAMES[role]} ${path}`;
  if (!space.writable)
    return new MeshdevError(code, {
      message: `${looking}: this user is not permitted to write to ${space.at}`,
      remedies: [`ls -ld ${space.at}`, elsewhere],
    });
  if (role === 'state' && isOnWindowsDrive(path))
    return new MeshdevError(code, {
      message: `${looking}: it is on a drive of Windows, where file modes have no effect`,
      remedies: ['XDG_STATE_HOME=/home/YOU/.local/state meshdev up'],
    });
  if (role === 'state' && space.owned !== undefined && uid >= 0 && space.owned.uid !== uid && uid !== 0)
    return new MeshdevError(code, {
      message: `${looking}: it belongs to user ${space.owned.uid}, and this is user ${uid}`,
      remedies: [`sudo chown -R ${uid} ${path}`, elsewhere],
    });
  return undefined;
}

function variableOf(role: Place['role']): string {
  return role === 'state' ? 'XDG_STATE_HOME' : 'XDG_CACHE_HOME';
}

function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

const INOTIFY: Readonly<
  Record<keyof InotifyLimits, { readonly key: SysctlKey; readonly enough: number; readonly value: number }>
> = {
  instances: { key: 'fs.inotify.max_user_instances', enough: ENOUGH_INOTIFY, value: 1024 },
  watches: { key: 'fs.inotify.max_user_watches', enough: 65_536, value: 524_288 },
};

function inotifyOf(what: keyof InotifyLimits, limits: InotifyLimits): Judgement {
  const { key, enough, value } = INOTIFY[what];
  const seen = `${key} is ${limits[what]}`;
  if (limits[what] >= enough) return ok(seen);
  return warn(
    `${seen}; ${enough} are recommended, for all nodes of a user together`,
    [`sudo sysctl -w ${key}=${value}`, `echo ${key}=${value} | sudo tee /etc/sysctl.d/99-meshdev.conf`],
    { kind: 'sysctl', key, value },
  );
}

const ENOUGH_FILES = 1024;

function openFilesOf({ openFiles }: MachineFacts): Judgement {
  if (openFiles === undefined) return skip('nothing limits the open files of a process here');
  if (openFiles >= ENOUGH_FILES) return ok(`${openFiles} open files`);
  return warn(`this process may open ${openFiles} files; ${ENOUGH_FILES} are recommended`, [
    `ulimit -n ${ENOUGH_FILES}`,
  ]);
}
