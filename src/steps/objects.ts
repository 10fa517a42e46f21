import type { PartSeen } from '../plan/seen.ts';
import { type Cluster, type Comparison, type KubeObject, nameOf } from '../ports/cluster.ts';

/** Compares what the cluster holds with what is wanted; objects that nobody wants are not looked at. */
export async function seeObjects(
  cluster: Cluster,
  wanted: readonly KubeObject[],
  signal: AbortSignal,
): Promise<PartSeen> {
  return summarise(await cluster.compare(wanted, signal));
}

/** Pure: one part's worth of comparisons as the state of that part. */
export function summarise(comparisons: readonly Comparison[]): PartSeen {
  const off = comparisons.filter((comparison) => comparison.kind !== 'same');
  if (off.length === 0) return { state: 'same', seen: `${comparisons.length} objects as wanted` };
  const seen =
    off.slice(0, 3).map(describe).join(' · ') + (off.length > 3 ? ` · and ${off.length - 3} more` : '');
  return {
    state:
      off.length === comparisons.length && off.every(({ kind }) => kind === 'missing') ? 'absent' : 'differs',
    seen,
  };
}

export function describe(comparison: Comparison): string {
  const name = nameOf(comparison.ref);
  switch (comparison.kind) {
    case 'same':
      return `${name} is as wanted`;
    case 'missing':
      return `${name} is missing`;
    case 'differs':
      return `${name}: ${comparison.differences.map(({ path, seen, wanted }) => `${path} is ${seen}, wanted ${wanted}`).join(', ')}`;
  }
}

export const CLUSTER_DOWN: PartSeen = { state: 'absent', seen: 'the cluster does not answer yet' };
