import type { RbacFilter } from './rbac-config.ts';
import type { ServiceId } from '../topology/service.ts';
import type { WorkloadName } from '../topology/lab.ts';

/** What every proxy of the mesh runs, by its own configuration dump. One question per pod, shared by all checks. */
export interface Proxies {
  /** One for each pod with a proxy, strangers included. */
  readonly proxies: readonly ProxySeen[];
  /** Pods with a proxy that could not be asked, and workloads without a running pod. */
  readonly unseen: readonly UnseenProxy[];
}

export interface UnseenProxy {
  readonly workload: WorkloadName | undefined;
  /** The service of the user's whose pod it is. */
  readonly service?: ServiceId;
  /** `apps/orders-5b…`, or the workload's name where it has no pod. */
  readonly pod: string;
  readonly because: string;
}

export interface ProxySeen {
  /** Undefined for a pod that is none of the lab's workloads. */
  readonly workload: WorkloadName | undefined;
  /** The service of the user's whose pod it is. */
  readonly service?: ServiceId;
  readonly namespace: string;
  readonly pod: string;
  readonly address: string;
  /** Image of the container, as the pod names it, and the digest that runs. */
  readonly image: string;
  readonly imageId: string;
  /** The user that the pod wants it to run as; undefined: the image's own. */
  readonly user?: number;
  readonly istioVersion: string | undefined;
  /** `1.40.0`, from the running binary. */
  readonly envoyVersion: string | undefined;
  readonly listeners: readonly ProxyListener[];
  readonly clusters: readonly ProxyCluster[];
  readonly routes: readonly ProxyRoutes[];
  readonly secrets: readonly ProxySecret[];
  /** Names of the RBAC policies in force: `ns[apps]-policy[orders-read]-rule[0]`. */
  readonly policies: readonly string[];
  /** Updates that the proxy refused to take; the configuration before them is still in force. */
  readonly rejected: readonly RejectedUpdate[];
  /** What istiod sent last and what the proxy acknowledged last; undefined when istiod does not know the proxy. */
  readonly sync: readonly SyncState[] | undefined;
}

export interface ProxyListener {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly direction: 'inbound' | 'outbound' | 'unspecified';
  /** The default chain is the last one, with `isDefault`. */
  readonly chains: readonly FilterChain[];
}

export interface FilterChain {
  readonly name: string | undefined;
  readonly isDefault: boolean;
  readonly match: {
    readonly destinationPort?: number;
    /** `tls` or `raw_buffer`; absent: any. */
    readonly transportProtocol?: string;
    readonly serverNames: readonly string[];
    readonly applicationProtocols: readonly string[];
  };
  readonly socket: Socket;
  /** Names of the network filters: `envoy.filters.network.tcp_proxy` … */
  readonly filters: readonly string[];
  readonly http: HttpManager | undefined;
  /** Its own RBAC filters, which judge connections; absent where they were not read. */
  readonly rbac?: readonly RbacFilter[];
}

/** One end of a connection. */
export type Socket = { readonly kind: 'plaintext' } | TlsSocket;

export interface TlsSocket {
  readonly kind: 'tls';
  /** Absent where it is left to Envoy. */
  readonly minVersion?: string;
  readonly maxVersion?: string;
  /** Suites of TLS 1.2 and below; empty: Envoy's own list. */
  readonly ciphers: readonly string[];
  /** Key exchange groups; empty: Envoy's own list. */
  readonly groups: readonly string[];
  readonly alpn: readonly string[];
  /** Names of the SDS secrets that certificate and anchors come from. */
  readonly certificates: readonly string[];
  readonly anchors: string | undefined;
  /** How the other side must be named: `exact spiffe://…`. Empty: its name is not looked at. */
  readonly peerNames: readonly string[];
  /** Server side only. */
  readonly requiresClientCertificate: boolean;
  /** Client side only. */
  readonly sni?: string;
}

/** What an HTTP connection manager does with who and where. */
export interface HttpManager {
  /** `SANITIZE_SET`, `APPEND_FORWARD` …; absent: SANITIZE. */
  readonly forwardClientCert: string | undefined;
  readonly trustedHops: number;
  readonly useRemoteAddress: boolean;
  readonly normalizePath: boolean;
  readonly mergeSlashes: boolean;
  readonly escapedSlashes: string | undefined;
  /** Name of its route configuration, where that is fetched. */
  readonly routes: string | undefined;
  readonly filters: readonly string[];
  /** Its RBAC filters in their order; absent where it was not read. */
  readonly rbac?: readonly RbacFilter[];
}

export interface ProxyCluster {
  readonly name: string;
  readonly type: string | undefined;
  /** `DestinationRule apps/orders`: the object that somebody made for it, where there is one. */
  readonly rule?: string;
  /** By the endpoint label `tlsMode` that selects it; `any` where nothing selects. */
  readonly sockets: readonly { readonly tlsMode: string; readonly socket: Socket }[];
}

export interface ProxyRoutes {
  readonly name: string;
  readonly hosts: readonly VirtualHost[];
}

export interface VirtualHost {
  readonly domains: readonly string[];
  readonly routes: readonly {
    readonly cluster: string | undefined;
    readonly path: string;
    readonly rewritesPath: string | undefined;
    readonly rewritesHost: string | undefined;
    /** `VirtualService apps/orders`: the object that it is made from, where istiod says so. */
    readonly rule?: string;
  }[];
}

export interface ProxySecret {
  readonly name: string;
  readonly state: 'active' | 'warming';
  /** Certificate chain, leaf first. Keys are never in a dump. */
  readonly chainPem?: string;
  readonly anchorsPem?: string;
}

export interface RejectedUpdate {
  readonly resource: string;
  readonly reason: string;
}

export interface SyncState {
  /** `Cluster`, `Listener`, `RouteConfiguration` … */
  readonly type: string;
  readonly sent: string;
  readonly acked: string;
}

/** The proxy of a workload; undefined when it was not seen. */
export function proxyOf({ proxies }: Proxies, workload: WorkloadName): ProxySeen | undefined {
  return proxies.find((proxy) => proxy.workload === workload);
}
