import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { ISTIO_NAMESPACE } from './names.ts';
import { labObject } from './object.ts';

/**
 * The namespaces of the lab. The label decides about sidecars when a pod is made, so it must be there
 * before the pods. The non-mesh client's is off in so many words: its negatives prove nothing with a sidecar.
 * istiod's own is none that it injects into.
 */
export function namespaces(lab: Lab): readonly KubeObject[] {
  const { gateway, httpbin, ledger, intruder } = lab.workloads;
  const injected = { 'istio-injection': 'enabled' };
  return [
    namespace(lab, ISTIO_NAMESPACE, {}),
    namespace(lab, gateway.namespace, injected),
    namespace(lab, httpbin.namespace, injected),
    namespace(lab, ledger.namespace, injected),
    namespace(lab, intruder.namespace, { 'istio-injection': 'disabled' }),
    ...ownNamespaces(lab).map((name) => namespace(lab, name, injected)),
  ];
}

/** Those of the services of meshdev.yaml that are none of the sample's. */
function ownNamespaces({ services, workloads }: Lab): readonly string[] {
  const known = new Set(Object.values(workloads).map(({ namespace: name }) => name));
  const named = services.map(({ identity }) => identity.namespace);
  return [...new Set(named)].filter((name) => !known.has(name));
}

/**
 * Kubernetes makes this one with the cluster. It says in so many words what holds anyway, no sidecars, where nobody
 * has said otherwise: it is the user's, and not looked at again.
 */
export const DEFAULT_NAMESPACE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'default', labels: { 'istio-injection': 'disabled' } },
};

/** Pure: somebody has decided about sidecars there. */
export function isInjectionDecided({ metadata: { labels = {} } }: KubeObject): boolean {
  return ['istio-injection', 'istio.io/rev'].some((label) => labels[label] !== undefined);
}

function namespace(lab: Lab, name: string, labels: Readonly<Record<string, string>>): KubeObject {
  return labObject(lab, { apiVersion: 'v1', kind: 'Namespace', name, role: 'namespace', labels });
}
