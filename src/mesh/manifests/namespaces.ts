import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { ISTIO_NAMESPACE } from './names.ts';
import { labObject } from './object.ts';

/**
 * The namespaces of the lab. The label decides about sidecars when a pod is made, so it must be there
 * before the pods. The intruder's is off in so many words: its negatives prove nothing with a sidecar.
 */
export function namespaces(lab: Lab): readonly KubeObject[] {
  const { gateway, httpbin, ledger, intruder } = lab.workloads;
  const injected = { 'istio-injection': 'enabled' };
  return [
    namespace(lab, ISTIO_NAMESPACE, {}),
    namespace(lab, gateway.namespace, {}),
    namespace(lab, httpbin.namespace, injected),
    namespace(lab, ledger.namespace, injected),
    namespace(lab, intruder.namespace, { 'istio-injection': 'disabled' }),
  ];
}

function namespace(lab: Lab, name: string, labels: Readonly<Record<string, string>>): KubeObject {
  return labObject(lab, { apiVersion: 'v1', kind: 'Namespace', name, role: 'namespace', labels });
}
