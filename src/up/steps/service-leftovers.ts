import { groupOf, identityKey } from '../../config/manifests/manifest-object.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { ruleObjects } from '../../mesh/manifests/mesh-objects.ts';
import { INVENTORY_ROLE, type Kind, kindsIn } from '../../mesh/manifests/services/manifest-objects.ts';
import { type Cluster, type KubeObject, type ObjectRef, refOf } from '../../ports/cluster.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import { LABEL, MANAGED_BY } from '../../topology/labels.ts';

/** What meshdev itself makes for a service of meshdev.yaml. */
const KINDS: readonly Kind[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' },
  { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication' },
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy' },
];

/**
 * Kinds that stay whatever the file says: with them data of the user, or objects of others, would be removed. Endpoints
 * are written by controllers, which copy the labels of the Service.
 */
const KEPT: ReadonlySet<string> = new Set([
  ' Namespace',
  ' PersistentVolume',
  ' PersistentVolumeClaim',
  ' Endpoints',
  'discovery.k8s.io EndpointSlice',
  'apiextensions.k8s.io CustomResourceDefinition',
]);

/** Whether objects of a kind are removed when meshdev.yaml has them no more. */
export function isRemovable({ apiVersion, kind }: Kind): boolean {
  return !KEPT.has(`${groupOf({ apiVersion })} ${kind}`);
}

/**
 * Objects that a lab's services made and that nobody wants any more: of services that are gone or elsewhere, and those
 * that a service does without. Only what carries the labels of this lab and of a service is looked at, and nothing that
 * a controller made. The inventories are last: they are removed after what they tell of.
 * @param wanted all objects of the services step
 */
export async function leftOver(
  { cluster, lab }: Pick<LabContext, 'cluster' | 'lab'>,
  wanted: readonly KubeObject[],
  signal: AbortSignal,
): Promise<readonly ObjectRef[]> {
  const labels = { [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name };
  const kept = new Set([...ruleObjects(lab), ...wanted].map((object) => identityKey(refOf(object))));
  const kinds = [...KINDS, ...(await broughtKinds(cluster, labels, signal))].filter(isRemovable);
  const distinct = new Map(kinds.map((each) => [`${each.apiVersion} ${each.kind}`, each])).values();
  const found = await Promise.all([...distinct].map((kind) => cluster.list({ ...kind, labels }, signal)));
  const left = found
    .flat()
    .filter(
      (object) =>
        object.metadata.labels?.[LABEL.service] !== undefined &&
        !isOwned(object) &&
        !kept.has(identityKey(refOf(object))),
    );
  const once = new Map(left.map((object) => [identityKey(refOf(object)), object])).values();
  return [...once].toSorted((a, b) => Number(isInventory(a)) - Number(isInventory(b))).map(refOf);
}

/** A file without services may have had some: what is left of them. Undefined: nothing is. */
export async function seeLeftOver(
  context: Pick<LabContext, 'cluster' | 'lab'>,
  { clusterUp, signal }: { readonly clusterUp: boolean; readonly signal: AbortSignal },
): Promise<PartSeen | undefined> {
  const left = clusterUp ? await leftOver(context, [], signal) : [];
  return left.length === 0 ? undefined : leftOverSeen(left);
}

/** Kinds whose pods may serve somebody now. */
const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);

export function leftOverSeen(left: readonly ObjectRef[]): PartSeen {
  const running = left.filter(({ kind }) => WORKLOADS.has(kind));
  const names = left.map(({ kind, name }) => `${kind} ${name}`);
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return {
    state: 'differs',
    seen: `no service of meshdev.yaml has ${names.slice(0, 3).join(', ')}${more} any more`,
    ...(running.length === 0 ? {} : { removes: running.map(({ kind, name }) => `${kind} ${name}`) }),
  };
}

/** Removes what is left over, and what tells of it only after that. */
export async function removeLeftOver(
  cluster: Cluster,
  left: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<void> {
  const inventories = left.filter(({ kind }) => kind === 'ConfigMap');
  await cluster.remove(
    left.filter((ref) => !inventories.includes(ref)),
    signal,
  );
  await cluster.remove(inventories, signal);
}

/** Kinds that the cluster remembers of manifests, whether or not the file still has them. */
async function broughtKinds(
  cluster: Cluster,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly Kind[]> {
  const query = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    labels: { ...labels, [LABEL.role]: INVENTORY_ROLE },
  };
  return (await cluster.list(query, signal)).flatMap(kindsIn);
}

function isInventory({ metadata }: KubeObject): boolean {
  return metadata.labels?.[LABEL.role] === INVENTORY_ROLE;
}

/** Made by a controller, which copies labels: it goes with what it belongs to. */
function isOwned({ metadata: { ['ownerReferences']: owners } }: KubeObject): boolean {
  return Array.isArray(owners) && owners.length > 0;
}
