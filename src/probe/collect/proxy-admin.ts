import type { Cluster } from '../../ports/cluster.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { PodOfWorkload } from '../exec-probe.ts';

/** Asks a proxy's admin interface, which listens on the pod's loopback only. @throws MeshdevError CLUSTER_CALL_FAILED */
export async function askProxy(
  cluster: Cluster,
  { namespace, pod }: PodOfWorkload,
  path: string,
  signal: AbortSignal,
): Promise<string> {
  const argv = ['pilot-agent', 'request', 'GET', path];
  const { exitCode, stdout, stderr } = await cluster.exec({
    namespace,
    pod,
    container: 'istio-proxy',
    argv,
    timeoutMs: 10_000,
    signal,
  });
  if (exitCode === 0) return stdout.toString('utf8');
  throw new MeshdevError('CLUSTER_CALL_FAILED', {
    message: `asking the proxy of ${namespace}/${pod} for ${path}: ${stderr.toString('utf8').slice(-200)}`,
  });
}

/** Counters of refused handshakes, summed over the listeners of a proxy: `fail_verify_error` … */
export async function tlsCounters(
  cluster: Cluster,
  pod: PodOfWorkload,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  return sumCounters(await askProxy(cluster, pod, 'stats?filter=listener.*ssl', signal));
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
