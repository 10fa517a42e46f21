import { readyPod } from '../../cluster/pods.ts';
import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import type { Witness } from './witness.ts';

/** The node's clock may be a little behind ours. */
const SKEW_MS = 2_000;

/** What istiod wrote since then. */
export async function istiodLog(
  { context: { cluster }, signal }: Pick<Witness, 'context' | 'signal'>,
  since: Date,
): Promise<string> {
  const pod = await readyPod(cluster, { namespace: ISTIO_NAMESPACE, labels: { app: 'istiod' } }, signal);
  const sinceTime = new Date(since.getTime() - SKEW_MS);
  const query = { namespace: ISTIO_NAMESPACE, pod: pod.metadata.name, container: 'discovery', sinceTime };
  return cluster.podLogs(query, signal);
}
