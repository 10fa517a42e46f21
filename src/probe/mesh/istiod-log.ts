import { ISTIOD_PODS } from '../../mesh/manifests/names.ts';
import { ISTIOD_CONTAINER, istiodPod } from './istiod.ts';
import type { Needs } from '../probe-context.ts';

/** The node's clock may be a little behind ours. */
const SKEW_MS = 2_000;

/** What istiod wrote since then. */
export async function istiodLog(probeContext: Needs<'context' | 'signal'>, since: Date): Promise<string> {
  const { metadata } = await istiodPod(probeContext);
  const sinceTime = new Date(since.getTime() - SKEW_MS);
  const { namespace } = ISTIOD_PODS;
  const query = { namespace, pod: metadata.name, container: ISTIOD_CONTAINER, sinceTime };
  return probeContext.context.cluster.podLogs(query, probeContext.signal);
}
