import { APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import type { PodsQuery } from '../../cluster/pods.ts';
import type { Lab, WorkloadName } from '../../topology/lab.ts';

/** Istio's root namespace: policies in it hold for the whole mesh. */
export const ISTIO_NAMESPACE = 'istio-system';

/** Istio's log provider of the lab, as Telemetry names it. */
export const LOG_PROVIDER = 'meshdev';

/** Secret with the gateway's certificate and the authority of its clients. */
export const GATEWAY_CREDENTIAL = 'gateway-credential';

/** The Gateway object, as a VirtualService of another namespace refers to it. */
export function gatewayRef(lab: Lab): string {
  return `${lab.workloads.gateway.namespace}/public`;
}

/** Labels that select the gateway's pods. */
export const GATEWAY_SELECTOR = { istio: 'gateway' } as const;

export const ISTIOD_PODS: PodsQuery = { namespace: ISTIO_NAMESPACE, labels: { app: 'istiod' } };

export function podsOf(lab: Lab, workload: WorkloadName): PodsQuery {
  const { namespace, serviceAccount } = lab.workloads[workload];
  return { namespace, labels: workload === 'gateway' ? GATEWAY_SELECTOR : { app: serviceAccount } };
}

/** Workloads that have a proxy; the non-mesh client has none, on purpose. */
export const PROXIED = ['gateway', APP_ID, INTERNAL_ID, 'caller'] as const satisfies readonly WorkloadName[];

/** A policy sees the Host header with its port, where there is one: both spellings, or the rule has a hole. */
export function hostPatterns(host: string): readonly string[] {
  return [host, `${host}:*`];
}

/** How the public names of decoys begin; no other name of the zone does. */
export const DECOY_PREFIX = 'twin-';
