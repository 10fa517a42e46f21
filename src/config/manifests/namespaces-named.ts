import type { NamedNamespace } from '../../topology/service.ts';
import { namespaceProblem } from '../services/reserved.ts';
import type { ManifestObject, ManifestProblem } from './manifest-object.ts';

interface NamespacesRead {
  /** In the order of their names. */
  readonly named: readonly NamedNamespace[];
  readonly problems: readonly Omit<ManifestProblem, 'service'>[];
}

/**
 * The namespaces that the manifests make or are in, but for those of the system: their labels are not changed. Pure.
 * @param own the namespace of the service, which needs sidecars
 */
export function namespacesIn(objects: readonly ManifestObject[], own: string): NamespacesRead {
  const made = objects.filter(({ object }) => object.apiVersion === 'v1' && object.kind === 'Namespace');
  const names = new Set([
    ...made.map(({ object }) => object.metadata.name),
    ...objects.flatMap(({ object }) => object.metadata.namespace ?? []),
  ]);
  const named = [...names]
    .filter((name) => namespaceProblem(name) === undefined)
    .toSorted()
    .map((name) => {
      const metadata = made.find(({ object }) => object.metadata.name === name)?.object.metadata;
      return { name, labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {} };
    });
  return { named, problems: made.flatMap((each) => problemsOf(each, own)) };
}

function problemsOf(
  { object: { metadata }, where }: ManifestObject,
  own: string,
): NamespacesRead['problems'] {
  const { name, labels = {} } = metadata;
  const reserved = namespaceProblem(name);
  if (reserved !== undefined)
    return [{ at: where(['metadata', 'name']), message: `${reserved}: manifests cannot make it` }];
  const { 'istio-injection': injection, 'istio.io/rev': revision } = labels;
  const at = where(['metadata', 'labels']);
  if (name !== own) return [];
  if (injection !== undefined && injection !== 'enabled')
    return [
      { at, message: `namespace ${name}: istio-injection is ${injection}, so its pods get no sidecar` },
    ];
  return revision === undefined || revision === 'default'
    ? []
    : [
        {
          at,
          message: `namespace ${name}: the mesh has no revision ${revision} (istio.io/rev), so its pods get no sidecar`,
        },
      ];
}
