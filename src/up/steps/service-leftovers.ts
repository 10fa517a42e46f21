import type { LabContext } from '../../lab/lab-context.ts';
import { type ObjectRef, refOf } from '../../ports/cluster.ts';
import { LABEL, MANAGED_BY } from '../../topology/labels.ts';

/** What meshdev makes for a service of meshdev.yaml. */
const KINDS: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['apps/v1', 'Deployment'],
  ['v1', 'Service'],
  ['v1', 'ServiceAccount'],
  ['v1', 'Secret'],
  ['v1', 'ConfigMap'],
  ['networking.istio.io/v1', 'VirtualService'],
  ['security.istio.io/v1', 'RequestAuthentication'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
];

/** Objects that meshdev made for services that meshdev.yaml has no more, or has elsewhere. Namespaces stay. */
export async function leftOver(
  { cluster, lab }: Pick<LabContext, 'cluster' | 'lab'>,
  signal: AbortSignal,
): Promise<readonly ObjectRef[]> {
  const namespaces = new Map(lab.services.map(({ id, identity }) => [id, identity.namespace]));
  const labels = { [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name };
  const found = await Promise.all(
    KINDS.map(([apiVersion, kind]) => cluster.list({ apiVersion, kind, labels }, signal)),
  );
  return found
    .flat()
    .filter(({ metadata }) => {
      const service = metadata.labels?.[LABEL.service];
      return service !== undefined && namespaces.get(service) !== metadata.namespace;
    })
    .map(refOf);
}
