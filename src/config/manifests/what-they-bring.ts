import { nameOf, refOf } from '../../ports/cluster.ts';
import { groupOf, type ManifestObject } from './manifest-object.ts';
import { clusterWideIn } from './scope.ts';

/** Groups whose objects decide for others too, wherever they are: policies, routes, filters. */
const OF_THE_MESH = /(^|\.)istio\.io$|^gateway\.networking\.k8s\.io$/;
/** What gives rights on the API, in its own namespace. */
const RIGHTS = new Set(['Role', 'RoleBinding']);

/**
 * Objects that reach beyond the service: objects of no namespace or of another one, of the mesh, and rights on the API.
 * They are applied as they are. Pure.
 * @returns `ClusterRoleBinding stock-reader`, in the order of the files
 */
export function whatTheyBring(objects: readonly ManifestObject[], namespace: string): readonly string[] {
  const isClusterWide = clusterWideIn(objects);
  const beyond = objects.filter(
    ({ object }) =>
      isClusterWide(object) ||
      object.metadata.namespace !== namespace ||
      OF_THE_MESH.test(groupOf(object)) ||
      RIGHTS.has(object.kind),
  );
  return beyond.map(({ object }) => nameOf(refOf(object)));
}
