import { z } from 'zod';
import type { PodHolder, PodHolders, PodOwner } from '../../evidence/pod-holders.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import type { Needs } from '../probe-context.ts';
import { holderOf } from './holder-of.ts';
import { plannedHolders, plannedSecrets } from './planned-holders.ts';

/** Kinds that make pods, with the place of the template in them. */
const MAKERS = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
] as const;

/** The pods of the cluster and what makes pods, in one call for each kind. */
export async function collectPodHolders({
  context,
  keys,
  signal,
}: Needs<'context' | 'keys' | 'signal'>): Promise<PodHolders> {
  const { cluster } = context;
  const [pods, ...makers] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Pod' }, signal),
    ...MAKERS.map(([apiVersion, kind]) => cluster.list({ apiVersion, kind }, signal)),
  ]);
  return {
    seen: holdersOf(pods, makers.flat()),
    planned: plannedHolders(context, keys),
    secrets: plannedSecrets(context),
  };
}

/** Pure: every pod that lives, and every template that nobody else makes pods or templates from. */
export function holdersOf(pods: readonly KubeObject[], makers: readonly KubeObject[]): readonly PodHolder[] {
  const known = new Map(makers.map((maker) => [keyOf(ownerRefOf(maker)), maker]));
  const top = (object: KubeObject): PodOwner => {
    const owner = controllerOf(object);
    if (owner === undefined) return ownerRefOf(object);
    const above = known.get(keyOf(owner));
    return above === undefined || above === object ? owner : top(above);
  };
  return [
    ...pods.filter(lives).map((pod) => ({ ...holderOf(pod, top(pod)), pod: pod.metadata.name })),
    ...makers
      .filter((maker) => controllerOf(maker) === undefined)
      .map((maker) => holderOf(maker, ownerRefOf(maker))),
  ];
}

const statusShape = z.object({ phase: z.string().optional() }).optional();

/** What has ended has no identity any more, and what is being deleted soon has none. */
function lives(pod: KubeObject): boolean {
  const phase = statusShape.safeParse(pod['status']).data?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed' && pod.metadata['deletionTimestamp'] === undefined;
}

const ownersShape = z
  .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
  .default([]);

function controllerOf({ metadata }: KubeObject): PodOwner | undefined {
  const owners = ownersShape.safeParse(metadata['ownerReferences']).data ?? [];
  const owner = owners.find(({ controller }) => controller === true);
  return owner === undefined
    ? undefined
    : { kind: owner.kind, namespace: metadata.namespace ?? '', name: owner.name };
}

function ownerRefOf({ kind, metadata: { namespace = '', name } }: KubeObject): PodOwner {
  return { kind, namespace, name };
}

function keyOf({ kind, namespace, name }: PodOwner): string {
  return `${kind} ${namespace}/${name}`;
}
