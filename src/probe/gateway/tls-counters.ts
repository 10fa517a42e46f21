import { askProxy } from '../../mesh/proxy-admin.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { PodOfWorkload } from '../../agent/exec-probe.ts';

/** Counters of refused handshakes, summed over the listeners of all pods: `fail_verify_error` … */
export async function tlsCounters(
  cluster: Cluster,
  pods: readonly PodOfWorkload[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const asked = pods.map((pod) => askProxy(cluster, pod, 'stats?filter=listener.*ssl', signal));
  return sumCounters((await Promise.all(asked)).join('\n'));
}

/** Pure: `listener.0.0.0.0_8443.ssl.fail_verify_san: 3` → `{ fail_verify_san: 3 }`. */
export function sumCounters(text: string): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [, name, value] of text.matchAll(/^listener\..*\.ssl\.(\w+): (\d+)$/gm)) {
    if (name !== undefined) sums[name] = (sums[name] ?? 0) + Number(value);
  }
  return sums;
}

/** How much each counter rose. */
export function rise(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]),
  );
}
