import type { PartSeen } from '../../run/part-seen.ts';
import type { Cluster, Comparison, KubeObject } from '../../ports/cluster.ts';
import { describe } from '../../cluster/describe-comparison.ts';

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
  if (off.length === 0) return { state: 'same', seen: `${comparisons.length} objects match the plan` };
  const seen =
    off.slice(0, 3).map(describe).join(' · ') + (off.length > 3 ? ` · and ${off.length - 3} more` : '');
  return {
    state:
      off.length === comparisons.length && off.every(({ kind }) => kind === 'missing') ? 'absent' : 'differs',
    seen,
  };
}

export const CLUSTER_DOWN: PartSeen = { state: 'absent', seen: 'the cluster does not answer yet' };
