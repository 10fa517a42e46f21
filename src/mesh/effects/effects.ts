import type { KubeObject } from '../../ports/cluster.ts';
import type { Chain } from './chain.ts';
import type { EffectOf } from './effect.ts';
import { AUTHORIZATION_POLICY, PEER_AUTHENTICATION, REQUEST_AUTHENTICATION } from './policies.ts';
import { ENVOY_FILTER, PROXY_CONFIG, SIDECAR, TELEMETRY, WASM_PLUGIN } from './proxies.ts';
import {
  DESTINATION_RULE,
  GATEWAY,
  KUBERNETES_ROUTE,
  SERVICE_ENTRY,
  VIRTUAL_SERVICE,
  WORKLOAD_ENTRY,
} from './routes.ts';

interface Known {
  readonly apiVersion: string;
  readonly kind: string;
  readonly effect: EffectOf;
}

const KUBERNETES_API = 'gateway.networking.k8s.io';

/** Every kind of object that istiod turns into configuration of proxies. */
const KINDS: readonly Known[] = [
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', effect: AUTHORIZATION_POLICY },
  { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', effect: PEER_AUTHENTICATION },
  { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication', effect: REQUEST_AUTHENTICATION },
  { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', effect: ENVOY_FILTER },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', effect: VIRTUAL_SERVICE },
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', effect: DESTINATION_RULE },
  { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', effect: GATEWAY },
  { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', effect: SERVICE_ENTRY },
  { apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', effect: WORKLOAD_ENTRY },
  { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', effect: SIDECAR },
  { apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig', effect: PROXY_CONFIG },
  { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', effect: TELEMETRY },
  { apiVersion: 'extensions.istio.io/v1alpha1', kind: 'WasmPlugin', effect: WASM_PLUGIN },
  { apiVersion: `${KUBERNETES_API}/v1`, kind: 'HTTPRoute', effect: KUBERNETES_ROUTE },
  { apiVersion: `${KUBERNETES_API}/v1`, kind: 'GRPCRoute', effect: KUBERNETES_ROUTE },
];

/** The kinds to list. */
export const EFFECTIVE_KINDS: readonly Pick<Known, 'apiVersion' | 'kind'>[] = KINDS;

/** What an object does to the chain; undefined: nothing, or its kind does nothing to proxies. Pure. */
export function effectOf(object: KubeObject, chain: Chain): string | undefined {
  const known = KINDS.find(
    ({ apiVersion, kind }) =>
      kind === object.kind && apiVersion.split('/')[0] === object.apiVersion.split('/')[0],
  );
  return known?.effect(object, chain);
}
