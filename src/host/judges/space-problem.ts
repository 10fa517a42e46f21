import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Place, PlaceRole, Space } from '../../ports/host-facts.ts';

const MB = 1e6;
const GB = 1e9;

/** Below `least`, nothing can be written; below `enough`, building or loading images fails. */
const BYTES: Readonly<Record<PlaceRole, { readonly least: number; readonly enough: number }>> = {
  cache: { least: 50 * MB, enough: 8 * GB },
  state: { least: 5 * MB, enough: 50 * MB },
  engine: { least: 500 * MB, enough: 5 * GB },
};
const INODES: Readonly<Record<PlaceRole, { readonly least: number; readonly enough: number }>> = {
  cache: { least: 1_000, enough: 50_000 },
  state: { least: 100, enough: 1_000 },
  engine: { least: 5_000, enough: 100_000 },
};

export const PLACE_NAMES: Readonly<Record<PlaceRole, string>> = {
  cache: 'the cache directory',
  state: 'the state directory',
  engine: 'the data directory of the engine',
};

/** How much room there is: `little` is enough to begin, and not enough for all that a lab may need. */
export type Room = 'enough' | 'little' | 'none';

/** Pure. */
export function roomOf(
  role: PlaceRole,
  space: Pick<Space, 'freeBytes' | 'freeInodes' | 'inodes'>,
): { readonly bytes: Room; readonly inodes: Room } {
  return {
    bytes: roomIn(space.freeBytes, BYTES[role]),
    inodes: space.inodes === 0 ? 'enough' : roomIn(space.freeInodes, INODES[role]),
  };
}

function roomIn(free: number, { least, enough }: { readonly least: number; readonly enough: number }): Room {
  if (free < least) return 'none';
  return free < enough ? 'little' : 'enough';
}

/** Bytes that are free, and how many should be. Pure. */
export function bytesText(role: PlaceRole, { at, freeBytes }: Pick<Space, 'at' | 'freeBytes'>): string {
  return `${sizeText(freeBytes)} are free in ${at}; ${sizeText(BYTES[role].enough)} are recommended`;
}

/** The same of inodes. Pure. */
export function inodesText(role: PlaceRole, { at, freeInodes }: Pick<Space, 'at' | 'freeInodes'>): string {
  return `${freeInodes} inodes are free in ${at}; ${INODES[role].enough} are recommended`;
}

export function sizeText(bytes: number): string {
  return bytes < GB ? `${Math.floor(bytes / MB)} MB` : `${(bytes / GB).toFixed(1)} GB`;
}

/** Why nothing can be written to one of these places; undefined when something can. Pure. */
export function spaceProblem(places: readonly Place[]): MeshdevError | undefined {
  for (const { role, path, space } of places) {
    if (space.kind !== 'seen') continue;
    const room = roomOf(role, space.value);
    const short = room.bytes === 'none' ? bytesText(role, space.value) : inodesText(role, space.value);
    if (room.bytes === 'none' || room.inodes === 'none')
      return new MeshdevError('DISK_FULL', {
        message: `looking for room in ${PLACE_NAMES[role]} ${path}: ${short}`,
        remedies: spaceRemedies(role, space.value.at, room.bytes === 'none' ? 'bytes' : 'inodes'),
      });
  }
  return undefined;
}

/** Commands that make or find room there. Pure. */
export function spaceRemedies(role: PlaceRole, at: string, of: 'bytes' | 'inodes'): readonly string[] {
  const look = of === 'bytes' ? `df -h ${at}` : `df -i ${at}`;
  switch (role) {
    case 'cache':
      return ['meshdev images prune', look, 'XDG_CACHE_HOME=/larger/disk meshdev up'];
    case 'state':
      return [look, 'XDG_STATE_HOME=/larger/disk meshdev up'];
    case 'engine':
      return ['meshdev images prune', 'docker system df', look];
  }
}
