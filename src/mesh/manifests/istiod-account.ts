import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { ISTIO_NAMESPACE } from './names.ts';
import { labObject } from './object.ts';

/**
 * The account that istiod runs under. istioctl makes it too, but after the Deployment: the first pods are
 * then refused, and Kubernetes tries again only seconds later. istioctl takes over the one that is there.
 */
export function istiodAccount(lab: Lab): KubeObject {
  return labObject(lab, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    name: 'istiod',
    namespace: ISTIO_NAMESPACE,
    role: 'istio',
  });
}
