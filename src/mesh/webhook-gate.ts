import { APP_ID } from '../sample/names.ts';
import type { Admission, Cluster, KubeObject } from '../ports/cluster.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil, type Look } from '../run/wait-until.ts';
import type { Lab } from '../topology/lab.ts';
import { IN_CLUSTER_IMAGES } from '../versions.ts';
import { ISTIO_NAMESPACE } from './manifests/names.ts';
import { labObject } from './manifests/object.ts';

const PATIENCE_MS = 60_000;

/**
 * istiod is Ready before its webhooks serve. Until then a broken rule would be stored and a pod would
 * start without its sidecar, both without a complaint; so nothing is applied before this returns.
 */
export async function waitForMeshWebhooks(
  cluster: Cluster,
  lab: Lab,
  { signal, progress }: RunScope,
): Promise<void> {
  const wait = { timeoutMs: PATIENCE_MS, onSeen: progress, signal, remedies: ['meshdev up'] };
  await Promise.all([
    waitUntil(() => lookAtValidation(cluster, lab, signal), {
      ...wait,
      what: "Istio's webhook to refuse an invalid object",
    }),
    waitUntil(() => lookAtInjection(cluster, lab, signal), {
      ...wait,
      what: "Istio's webhook to add a sidecar to a pod",
    }),
  ]);
}

async function lookAtValidation(cluster: Cluster, lab: Lab, signal: AbortSignal): Promise<Look<true>> {
  const admission = await cluster.admission(invalidGateway(lab), signal);
  if (admission.kind === 'refused' && admission.by === 'webhook') return { done: true };
  return { seen: `an invalid Gateway was ${describe(admission)}` };
}

async function lookAtInjection(cluster: Cluster, lab: Lab, signal: AbortSignal): Promise<Look<true>> {
  const admission = await cluster.admission(plainPod(lab), signal);
  if (admission.kind === 'admitted' && hasSidecar(admission.object)) return { done: true };
  return { seen: `a pod in namespace ${lab.workloads[APP_ID].namespace} was ${describe(admission)}` };
}

function describe(admission: Admission): string {
  if (admission.kind === 'admitted') return 'admitted unchanged';
  return admission.by === 'api'
    ? `refused by the API server: ${admission.message}`
    : `refused: ${admission.message}`;
}

/** Valid for the API server's schema; istiod's validation refuses the annotation. */
export function invalidGateway(lab: Lab): KubeObject {
  const annotations = { 'internal.istio.io/webhook-always-reject': 'true' };
  return labObject(
    lab,
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      name: 'meshdev-webhook-probe',
      namespace: ISTIO_NAMESPACE,
      role: 'probe',
      annotations,
    },
    { spec: {} },
  );
}

function plainPod(lab: Lab): KubeObject {
  const { namespace } = lab.workloads[APP_ID];
  return labObject(
    lab,
    { apiVersion: 'v1', kind: 'Pod', name: 'meshdev-webhook-probe', namespace, role: 'probe' },
    { spec: { containers: [{ name: 'app', image: IN_CLUSTER_IMAGES[APP_ID] }] } },
  );
}

/** The sidecar is a container, or an init container that keeps running. */
function hasSidecar(pod: KubeObject): boolean {
  return JSON.stringify(pod['spec']).includes('"name":"istio-proxy"');
}
