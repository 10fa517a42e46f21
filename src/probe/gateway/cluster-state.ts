import { z } from 'zod';
import type { ClusterState, Rewrite, VirtualServiceSeen } from '../../evidence/cluster-state.ts';
import { podTrouble } from '../../cluster/status.ts';
import { ruleObjects } from '../../mesh/manifests/mesh-objects.ts';
import { GATEWAY_SELECTOR, gatewayRef, ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import { invalidGateway } from '../../mesh/webhook-gate.ts';
import type { Admission, KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { isDecoy } from '../decoys/decoy-objects.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer } from '../../read-answer.ts';

/** Kinds that change who may talk to whom, or what a proxy does about it. */
const TRUSTED_KINDS = [
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['security.istio.io/v1', 'RequestAuthentication'],
  ['networking.istio.io/v1alpha3', 'EnvoyFilter'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['networking.istio.io/v1', 'Gateway'],
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['networking.istio.io/v1', 'WorkloadEntry'],
  ['networking.istio.io/v1', 'Sidecar'],
  ['telemetry.istio.io/v1', 'Telemetry'],
  ['extensions.istio.io/v1alpha1', 'WasmPlugin'],
] as const;

/** Objects of the cluster, all asked for at once. */
export async function collectClusterState({
  context: { lab, cluster },
  sweep,
  signal,
}: Needs<'context' | 'sweep' | 'signal'>): Promise<ClusterState> {
  await sweep();
  const { namespace, serviceAccount } = lab.workloads.gateway;
  const [pods, slices, services, admission, ...others] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labels: GATEWAY_SELECTOR }, signal),
    cluster.list(
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        namespace,
        labels: { 'kubernetes.io/service-name': serviceAccount },
      },
      signal,
    ),
    cluster.list({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' }, signal),
    cluster.admission(invalidGateway(lab), signal),
    ...TRUSTED_KINDS.map(([apiVersion, kind]) => cluster.list({ apiVersion, kind }, signal)),
  ]);
  return {
    gatewayPods: pods.map((pod) => ({ name: pod.metadata.name, trouble: podTrouble(pod) })),
    gatewayEndpoints: slices.flatMap(readyAddresses),
    virtualServices: services.map(toVirtualService),
    foreign: foreignObjects([...services, ...others.flat()], lab),
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

/**
 * Pure: names of the objects that istiod applies to the lab and that are neither the lab's rules nor a decoy of
 * this moment. By name, not by label: a copy of a policy carries the labels of what it was copied from.
 */
export function foreignObjects(objects: readonly KubeObject[], lab: Lab): readonly string[] {
  const rules = new Set(ruleObjects(lab).map(nameOf));
  return objects
    .filter((object) => concerns(object, lab) && !isDecoy(object, lab) && !rules.has(nameOf(object)))
    .map(nameOf);
}

/** In a namespace of the lab, or from elsewhere for the lab's gateway. */
function concerns(object: KubeObject, lab: Lab): boolean {
  const own = new Set([
    ISTIO_NAMESPACE,
    ...Object.values(lab.workloads).map((workload) => workload.namespace),
  ]);
  if (own.has(object.metadata.namespace ?? '')) return true;
  if (object.kind === 'VirtualService') return toVirtualService(object).gateways.includes(gatewayRef(lab));
  return object.kind === 'Gateway' && selectsGateway(object);
}

const gatewaySpec = z.looseObject({ selector: z.record(z.string(), z.string()).default({}) });

/** Gateways select pods in all namespaces; one that selects by nothing selects all. */
function selectsGateway({ metadata, spec: raw }: KubeObject): boolean {
  const { selector } = readAnswer(gatewaySpec, raw ?? {}, `reading Gateway ${metadata.name}`);
  const labels: Readonly<Record<string, string>> = GATEWAY_SELECTOR;
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}

function nameOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace ?? ''}/${name}`;
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
