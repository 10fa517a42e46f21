import type { VirtualServiceSeen } from '../cluster-state.ts';
import type { EdgeUpstream } from '../edge-state.ts';
import type { HostName, InsideName } from '../names.ts';
import type { ProxySeen, UnseenProxy } from '../proxies.ts';
import type { WireResult } from '../wire-result.ts';

/** What proxies run that has to do with one service. */
export interface ServiceProxies {
  /** Of the pods of the service. */
  readonly own: readonly ProxySeen[];
  /** Pods of the service whose proxy could not be asked. */
  readonly unseen: readonly UnseenProxy[];
  /** All that could be asked. */
  readonly all: readonly ProxySeen[];
  readonly meshRootPem: string;
}

/** What the edge does for the public name of a service. */
export interface ServiceEdge {
  /** With the SNI of the service, from this machine. */
  readonly handshake: WireResult;
  /** Of the running configuration, for that host. */
  readonly upstreams: readonly EdgeUpstream[];
  readonly edgeRootPem: string;
  /** Of the gateway, as it shows it to the edge; PEM, leaf first. */
  readonly gatewayChain: readonly string[];
}

export interface ServiceNames {
  readonly host: HostName | undefined;
  /** By place, of that name alone. */
  readonly inside: readonly InsideName[];
  readonly edgeAddresses: readonly string[];
}

/** The objects and the running table that route the public name of a service. */
export interface ServiceRoutes {
  readonly virtualServices: readonly VirtualServiceSeen[];
  /** Undefined where the gateway could not be asked. */
  readonly gateway: ProxySeen | undefined;
}
