import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Cluster } from '../ports/cluster.ts';

/** Envoy's admin interface listens here, on the pod's loopback only. */
const ADMIN_PORT = 15_000;
const TIMEOUT_MS = 10_000;

export interface ProxyPod {
  readonly namespace: string;
  readonly pod: string;
}

/** Asks a proxy's admin interface. @throws MeshdevError CLUSTER_CALL_FAILED, TIMED_OUT */
export async function askProxy(
  cluster: Cluster,
  { namespace, pod }: ProxyPod,
  path: string,
  signal: AbortSignal,
): Promise<string> {
  const query = { namespace, pod, port: ADMIN_PORT, path: `/${path}`, timeoutMs: TIMEOUT_MS };
  const { status, body } = await cluster.getFromPod(query, signal);
  if (status === 200) return body;
  throw new MeshdevError('CLUSTER_CALL_FAILED', {
    message: `reading ${path} from the proxy of ${namespace}/${pod}: HTTP ${status} ${body.slice(0, 200)}`,
  });
}
