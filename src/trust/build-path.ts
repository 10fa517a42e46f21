import type { Certificate } from './certificate.ts';
import { isSame, type Path, type PathSources, searchPaths } from './search-paths.ts';

export type { Path, PathSources } from './search-paths.ts';

/**
 * The best path from a leaf: the first one that ends in an anchor without any fault; else the one with the fewest
 * faults that does; else the longest one.
 *
 * @param faultsOf number of faults of a path that ends in an anchor; by default linkage is all that counts
 */
export function buildPath(
  leaf: Certificate,
  sources: PathSources,
  faultsOf: (certificates: readonly Certificate[]) => number = () => 0,
): Path {
  let best: { readonly path: Path; readonly rank: number } | undefined;
  for (const path of searchPaths(leaf, sources)) {
    const rank = path.whole
      ? path.broken.length + faultsOf(path.certificates)
      : DEAD_END - path.certificates.length;
    if (best === undefined || rank < best.rank) best = { path, rank };
    if (rank === 0) break;
  }
  return best?.path ?? { certificates: [leaf], whole: false, broken: [] };
}

/** More than a path can have faults. */
const DEAD_END = 1_000_000;

/** Whether a list is the path itself: leaf first, in order, no strangers; the anchor may be left out. */
export function isTidy(presented: readonly Certificate[], path: readonly Certificate[]): boolean {
  const sent = path.filter((certificate) => presented.some((other) => isSame(other, certificate)));
  return (
    presented.length === sent.length &&
    presented.every((certificate, at) => sent[at] !== undefined && isSame(certificate, sent[at]))
  );
}
