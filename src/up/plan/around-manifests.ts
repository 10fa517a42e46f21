import type { ManifestSet } from '../../config/manifests/understand.ts';
import { namespaces } from '../../mesh/manifests/namespaces.ts';
import { ruleObjects } from '../../mesh/manifests/mesh-objects.ts';
import { type KubeObject, nameOf, refOf } from '../../ports/cluster.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import { spiffeId } from '../../topology/identity.ts';
import type { Lab } from '../../topology/lab.ts';
import { LABEL } from '../../topology/labels.ts';
import type { Service, ServiceId } from '../../topology/service.ts';

/** A service whose objects the user brings, and what is around them. */
export interface AroundManifests {
  readonly service: ServiceId;
  /** `Deployment shop/stock` */
  readonly workload: string;
  /** What meshdev adds: namespaces with sidecars, routes, policies, the public name. */
  readonly adds: readonly string[];
  /** What the manifests bring that reaches beyond the service. */
  readonly brings: readonly string[];
  readonly notes: readonly string[];
}

/** Pure: one entry for each service with manifests that were read. */
export function aroundManifests({
  lab,
  manifests,
}: {
  readonly lab: Lab;
  readonly manifests?: ReadonlyMap<ServiceId, ManifestSet> | undefined;
}): readonly AroundManifests[] {
  const rules = ruleObjects(lab);
  return lab.services.flatMap((service) => {
    const { id, identity, manifests: parts } = service;
    if (parts === undefined) return [];
    const { apiVersion, kind, name } = parts.workload;
    return [
      {
        service: id,
        workload: nameOf({ apiVersion, kind, name, namespace: identity.namespace }),
        adds: [
          ...labelled(
            lab,
            parts.namespaces.map((each) => each.name),
          ),
          ...rules
            .filter(({ metadata }) => metadata.labels?.[LABEL.service] === id)
            .map((object) => nameOf(refOf(object))),
          ...(service.host === undefined ? [] : [`${service.host} at the edge and in the DNS of the lab`]),
        ],
        brings: manifests?.get(id)?.brings ?? [],
        notes: notesOf(lab, service),
      },
    ];
  });
}

function labelled(lab: Lab, names: readonly string[]): readonly string[] {
  return namespaces(lab)
    .filter(({ metadata }) => names.includes(metadata.name))
    .map((object) => `${nameOf(refOf(object))}${injectionOf(object)}`);
}

function injectionOf({ metadata: { labels = {} } }: KubeObject): string {
  const [name, value] =
    Object.entries(labels).find(([key]) => ['istio-injection', 'istio.io/rev'].includes(key)) ?? [];
  return name === undefined ? '' : ` (${name}=${value})`;
}

function notesOf({ services }: Lab, { id, identity }: Service): readonly string[] {
  const same = services.filter((other) => other.id !== id && spiffeId(other.identity) === spiffeId(identity));
  return [
    ...(identity.serviceAccount === 'default'
      ? [
          `its pods name no service account: every pod of namespace ${identity.namespace} that names none has the identity ${spiffeId(identity)}`,
        ]
      : []),
    ...(same.length === 0
      ? []
      : [
          `it has one identity with ${same.map((other) => other.id).join(', ')}: rules cannot tell them apart`,
        ]),
  ];
}

/** Pure: the entry in one line. */
export function aroundText({ service, workload, adds, brings, notes }: AroundManifests): string {
  const parts = [
    `${service}: manifests with ${workload}`,
    `meshdev adds ${adds.join(', ') || 'nothing'}`,
    ...(brings.length === 0 ? [] : [`the manifests also bring ${brings.join(', ')}`]),
    ...notes.map((note) => `note: ${note}`),
  ];
  return parts.join('; ');
}

/** Pure: what is about to change, with what meshdev adds around manifests. */
export function withSurroundings(seen: PartSeen, around: readonly AroundManifests[]): PartSeen {
  if (around.length === 0 || (seen.state !== 'absent' && seen.state !== 'differs')) return seen;
  const added = around.map(({ service, adds }) => `${service}: ${adds.join(', ') || 'nothing'}`);
  return { ...seen, seen: `${seen.seen} · around manifests meshdev adds ${added.join(' · ')}` };
}
