/**
 * The first release of each line whose placeholder for a key set that could not be fetched has a
 * private half that nobody knows; before it, everybody could sign with that key.
 */
const FLOORS: readonly (readonly [minor: number, patch: number])[] = [
  [27, 8],
  [28, 5],
  [29, 1],
];

/** Undefined where the version cannot be read. */
export function hasSecretPlaceholder(version: string): boolean | undefined {
  const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?(?:-|$)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  if (major !== '1') return Number(major) > 1;
  const floor = FLOORS.find(([line]) => line === Number(minor));
  // A build of a development line has no patch number; it is newer than the fix or belongs to no line above.
  if (floor !== undefined) return Number(patch ?? '0') >= floor[1];
  return Number(minor) > 29;
}
