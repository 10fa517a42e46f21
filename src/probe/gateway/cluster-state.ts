import { z } from 'zod';
import type {
  ClusterState,
  ForeignObject,
  Rewrite,
  VirtualServiceSeen,
} from '../../evidence/cluster-state.ts';
import { podTrouble } from '../../cluster/status.ts';
import { ruleObjects } from '../../mesh/manifests/mesh-objects.ts';
import { chainOf, isSubset } from '../../mesh/effects/chain.ts';
import { EFFECTIVE_KINDS, effectOf } from '../../mesh/effects/effects.ts';
import { GATEWAY_SELECTOR, ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import { invalidGateway } from '../../mesh/webhook-gate.ts';
import { type Admission, type KubeObject, nameOf as nameOfRef, refOf } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { declaredNames } from '../declared-names.ts';
import { isDecoy } from '../decoys/decoy-objects.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer } from '../../read-answer.ts';

/** Objects of the cluster, all asked for at once. */
export async function collectClusterState({
  context,
  sweep,
  signal,
}: Needs<'context' | 'sweep' | 'signal'>): Promise<ClusterState> {
  const { lab, cluster } = context;
  await sweep();
  const { namespace, serviceAccount } = lab.workloads.gateway;
  const [pods, slices, admission, ...listed] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Pod' }, signal),
    cluster.list(
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        namespace,
        labels: { 'kubernetes.io/service-name': serviceAccount },
      },
      signal,
    ),
    cluster.admission(invalidGateway(lab), signal),
    ...EFFECTIVE_KINDS.map((kind) => cluster.list(kind, signal)),
  ]);
  const objects = listed.flat();
  const gatewayPods = pods.filter(
    ({ metadata }) => metadata.namespace === namespace && isSubset(GATEWAY_SELECTOR, metadata.labels ?? {}),
  );
  return {
    gatewayPods: gatewayPods.map((pod) => ({ name: pod.metadata.name, trouble: podTrouble(pod) })),
    gatewayEndpoints: slices.flatMap(readyAddresses),
    virtualServices: objects.filter(({ kind }) => kind === 'VirtualService').map(toVirtualService),
    foreign: foreignObjects(objects, { lab, pods, declared: declaredNames(context) }),
    invalidObject: toInvalid(admission),
  };
}

const slice = z.looseObject({
  endpoints: z
    .array(
      z.looseObject({
        addresses: z.array(z.string()),
        conditions: z.looseObject({ ready: z.boolean().optional() }).default({}),
      }),
    )
    .nullish(),
});

function readyAddresses(object: KubeObject): readonly string[] {
  const { endpoints } = readAnswer(slice, object, `reading the endpoints ${object.metadata.name}`);
  return (endpoints ?? []).flatMap(({ addresses, conditions }) =>
    conditions.ready === true ? addresses : [],
  );
}

const http = z.looseObject({
  rewrite: z
    .looseObject({
      uri: z.string().optional(),
      uriRegexRewrite: z.looseObject({ rewrite: z.string().default('') }).optional(),
      authority: z.string().optional(),
    })
    .optional(),
});
const spec = z.looseObject({
  hosts: z.array(z.string()).default([]),
  gateways: z.array(z.string()).default(['mesh']),
  http: z.array(http).default([]),
});

/** Pure. */
export function toVirtualService({ metadata, spec: raw }: KubeObject): VirtualServiceSeen {
  const {
    hosts,
    gateways,
    http: rules,
  } = readAnswer(spec, raw ?? {}, `reading VirtualService ${metadata.name}`);
  const name = `${metadata.namespace ?? ''}/${metadata.name}`;
  return { name, hosts, gateways, rewrites: rules.flatMap(rewritesOf) };
}

function rewritesOf({ rewrite }: z.infer<typeof http>): readonly Rewrite[] {
  const path = rewrite?.uri ?? rewrite?.uriRegexRewrite?.rewrite;
  return [
    ...(path === undefined ? [] : [{ of: 'path' as const, to: path }]),
    ...(rewrite?.authority === undefined ? [] : [{ of: 'host' as const, to: rewrite.authority }]),
  ];
}

/** What foreign objects are told from. */
export interface Beside {
  readonly lab: Lab;
  readonly pods: readonly KubeObject[];
  /** `Kind namespace/name` of what the manifests of services bring. */
  readonly declared: ReadonlySet<string>;
}

/**
 * Pure: the objects that are neither the lab's rules, nor declared, nor a decoy of this moment, and that change what a
 * proxy of the lab does or are in a namespace of the lab. By name, not by label: a copy of a policy carries the labels of
 * what it was copied from.
 */
export function foreignObjects(
  objects: readonly KubeObject[],
  { lab, pods, declared }: Beside,
): readonly ForeignObject[] {
  const rules = new Set(ruleObjects(lab).map(nameOf));
  const gateways = objects.filter(({ kind }) => kind === 'Gateway');
  const chain = chainOf(lab, pods, gateways);
  const own = new Set([
    ISTIO_NAMESPACE,
    ...Object.values(lab.workloads).map((workload) => workload.namespace),
    ...lab.services.map(({ identity }) => identity.namespace),
  ]);
  return objects
    .filter((object) => !rules.has(nameOf(object)) && !declared.has(nameOf(object)) && !isDecoy(object, lab))
    .flatMap((object): readonly ForeignObject[] => {
      const effect = effectOf(object, chain);
      if (effect === undefined && !own.has(object.metadata.namespace ?? '')) return [];
      const since = object.metadata['creationTimestamp'];
      return [
        {
          name: nameOf(object),
          ...(effect === undefined ? {} : { effect }),
          ...(typeof since === 'string' ? { since } : {}),
        },
      ];
    });
}

function nameOf(object: KubeObject): string {
  return nameOfRef(refOf(object));
}

function toInvalid(admission: Admission): ClusterState['invalidObject'] {
  if (admission.kind === 'admitted') return { kind: 'other', told: 'it was admitted' };
  switch (admission.by) {
    case 'webhook':
      return { kind: 'refused', told: `${admission.webhook}: ${admission.message}` };
    case 'unreachable-webhook':
      return { kind: 'unreachable', told: `${admission.webhook}: ${admission.message}` };
    case 'api':
      return { kind: 'other', told: `the API server refused it: ${admission.message}` };
  }
}
