import type { KubeObject } from '../../../ports/cluster.ts';
import type { Lab } from '../../../topology/lab.ts';
import { labelsOf } from '../../../topology/labels.ts';
import type { Service } from '../../../topology/service.ts';
import { labObject } from '../object.ts';
import { ownLabels } from './own-labels.ts';

/** How many pods the file asks for: what a workload has beside that is whoever scaled it. */
export const REPLICAS_ANNOTATION = 'dev.meshdev.replicas';

/** Role of the ConfigMap that names the kinds of objects a service brought. */
export const INVENTORY_ROLE = 'service-kinds';

/**
 * The objects of a service's manifests as they are applied: with the labels of the lab on themselves. Pod templates
 * and selectors are as the manifests have them.
 */
export function manifestObjects(
  lab: Lab,
  service: Service,
  objects: readonly KubeObject[],
): readonly KubeObject[] {
  return objects.map((object) => {
    const { labels, annotations, ...metadata } = object.metadata;
    const wanted = { ...annotations, ...replicasOf(object) };
    return {
      ...object,
      metadata: {
        ...metadata,
        labels: { ...labels, ...ownLabels(service), ...labelsOf(lab.name, 'service') },
        ...(Object.keys(wanted).length === 0 ? {} : { annotations: wanted }),
      },
    };
  });
}

const SCALED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet']);

function replicasOf({ apiVersion, kind, ['spec']: spec }: KubeObject): Readonly<Record<string, string>> {
  if (apiVersion !== 'apps/v1' || !SCALED.has(kind)) return {};
  const replicas =
    typeof spec === 'object' && spec !== null && 'replicas' in spec ? spec.replicas : undefined;
  return typeof replicas === 'number' ? { [REPLICAS_ANNOTATION]: String(replicas) } : {};
}

/** A kind of objects, as the API lists them. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Remembers in the cluster which kinds of objects a service brought: so they are found when the file has them no more. */
export function inventory(lab: Lab, service: Service, kinds: readonly Kind[]): KubeObject {
  const names = new Set(kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  return labObject(
    lab,
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: `meshdev-${service.id}-kinds`,
      namespace: service.identity.namespace,
      role: INVENTORY_ROLE,
      labels: ownLabels(service),
    },
    { data: { kinds: [...names].toSorted().join(', ') } },
  );
}

/** The kinds that an inventory names. */
export function kindsIn({ ['data']: data }: KubeObject): readonly Kind[] {
  const text = typeof data === 'object' && data !== null && 'kinds' in data ? data.kinds : '';
  return (typeof text === 'string' ? text.split(', ') : []).flatMap((each) => {
    const [apiVersion, kind] = each.split(' ');
    return apiVersion === undefined || kind === undefined ? [] : [{ apiVersion, kind }];
  });
}
