import type { LabContext } from '../lab/lab-context.ts';
import { nameOf, refOf } from '../ports/cluster.ts';

/** `Kind namespace/name` of each object of the manifests of services: what a user declares is no finding. */
export function declaredNames({ manifests }: Pick<LabContext, 'manifests'>): ReadonlySet<string> {
  const sets = [...(manifests?.values() ?? [])];
  return new Set(sets.flatMap(({ objects }) => objects.map((object) => nameOf(refOf(object)))));
}
