import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import type { Lab } from '../../topology/lab.ts';

/** Where the parts of Kubernetes itself run: who controls them controls the cluster. */
export const KUBERNETES_NAMESPACE = 'kube-system';

/** Namespaces that hold identities, secrets and rules of the chain. The non-mesh client has none of them. */
export function chainNamespaces({ workloads, services }: Lab): ReadonlySet<string> {
  const { intruder: _, ...own } = workloads;
  return new Set([
    ISTIO_NAMESPACE,
    KUBERNETES_NAMESPACE,
    ...Object.values(own).map(({ namespace }) => namespace),
    ...services.map(({ identity }) => identity.namespace),
  ]);
}
