import type {
  FilterChain,
  HttpManager,
  Proxies,
  ProxyCluster,
  ProxyListener,
  ProxySecret,
  ProxySeen,
  TlsSocket,
} from '../../src/evidence/proxies.ts';
import { GATEWAY_CREDENTIAL } from '../../src/mesh/manifests/names.ts';
import { SERVICE_PORT } from '../../src/sample/services.ts';
import type { EnvoyBuild, Profile } from '../../src/profiles.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { IN_CLUSTER_IMAGES } from '../../src/versions.ts';
import type { Material } from './healthy-material.ts';

const PROXIED = ['gateway', 'httpbin', 'ledger', 'caller'] as const;
type Proxied = (typeof PROXIED)[number];

/** What the proxies of a lab run whose every link holds. */
export function healthyProxies(lab: Lab, material: Material, profile: Profile): Proxies {
  return {
    proxies: PROXIED.map((workload) => proxy(lab, material, workload, profile)),
    unseen: [],
  };
}

function proxy(lab: Lab, material: Material, workload: Proxied, profile: Profile): ProxySeen {
  const { namespace } = lab.workloads[workload];
  const isGateway = workload === 'gateway';
  return {
    workload,
    namespace,
    pod: `${workload}-0`,
    address: '10.244.0.7',
    image: `${IN_CLUSTER_IMAGES.istioHub}/proxyv2:${IN_CLUSTER_IMAGES.istioTag}`,
    imageId: `sha256:${'5f'.repeat(32)}`,
    user: profile.proxyUser,
    istioVersion: profile.versions.istio,
    envoyVersion: profile.versions.envoy ?? ENVOY_OF_ISTIO,
    listeners: [isGateway ? gatewayListener(lab, profile.envoy) : inboundListener(profile.envoy)],
    clusters: (['httpbin', 'ledger'] as const).map((name) => serviceCluster(lab, name, profile.envoy)),
    routes: isGateway ? [gatewayRoutes(lab)] : [],
    secrets: [...workloadSecrets(material, workload), ...(isGateway ? gatewaySecrets(material) : [])],
    policies: ['ns[istio-system]-policy[default-deny]-rule[0]'],
    rejected: [],
    sync: ['Cluster', 'Listener'].map((type) => ({ type, sent: '2026-01-01/1', acked: '2026-01-01/1' })),
  };
}

/** Istio's releases carry an Envoy of its own line; any will do. */
const ENVOY_OF_ISTIO = '1.39.5';

/** What istiod adds for an Envoy with Istio's extensions: they come first, and what they offer is said in ALPN. */
const BUILDS = {
  istio: {
    http: (filters: readonly string[]) => [
      'istio.metadata_exchange',
      'istio.alpn',
      ...filters,
      'istio.stats',
    ],
    network: ['istio.metadata_exchange'],
    alpn: ['istio-peer-exchange'],
  },
  upstream: { http: (filters: readonly string[]) => filters, network: [], alpn: [] },
} as const;

function managerOf(envoy: EnvoyBuild, more: Partial<HttpManager> = {}): HttpManager {
  return { ...MANAGER, filters: [...BUILDS[envoy].http(['envoy.filters.http.rbac']), ROUTER], ...more };
}

const ROUTER = 'envoy.filters.http.router';

const MANAGER: Omit<HttpManager, 'filters'> = {
  forwardClientCert: 'SANITIZE_SET',
  trustedHops: 1,
  useRemoteAddress: true,
  normalizePath: true,
  mergeSlashes: true,
  escapedSlashes: 'UNESCAPE_AND_FORWARD',
  routes: 'https.443.https-public.public.istio-ingress',
};

const MESH_SERVER: TlsSocket = {
  kind: 'tls',
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  ciphers: ['ECDHE-ECDSA-AES256-GCM-SHA384'],
  groups: [],
  alpn: ['h2', 'http/1.1'],
  certificates: ['default'],
  anchors: 'ROOTCA',
  peerNames: ['prefix spiffe://cluster.local/'],
  requiresClientCertificate: true,
};

function chain(envoy: EnvoyBuild, more: Partial<FilterChain> & Pick<FilterChain, 'socket'>): FilterChain {
  return {
    name: undefined,
    isDefault: false,
    match: { serverNames: [], applicationProtocols: [] },
    filters: [...BUILDS[envoy].network, 'envoy.filters.network.http_connection_manager'],
    http: managerOf(envoy),
    ...more,
  };
}

function gatewayListener(lab: Lab, envoy: EnvoyBuild): ProxyListener {
  const socket: TlsSocket = {
    kind: 'tls',
    minVersion: 'TLSv1.3',
    ciphers: [],
    groups: [],
    alpn: ['h2', 'http/1.1'],
    certificates: [`kubernetes://${GATEWAY_CREDENTIAL}`],
    anchors: `kubernetes://${GATEWAY_CREDENTIAL}-cacert`,
    peerNames: [`exact ${lab.hosts.edge}`],
    requiresClientCertificate: true,
  };
  const match = { serverNames: [`*.${lab.domain}`], applicationProtocols: [] };
  return {
    name: '0.0.0.0_8443',
    address: '0.0.0.0',
    port: 8443,
    direction: 'outbound',
    chains: [chain(envoy, { socket, match })],
  };
}

function inboundListener(envoy: EnvoyBuild): ProxyListener {
  const http = managerOf(envoy, { forwardClientCert: 'APPEND_FORWARD', routes: undefined });
  return {
    name: 'virtualInbound',
    address: '0.0.0.0',
    port: 15006,
    direction: 'inbound',
    chains: [
      chain(envoy, {
        name: '0.0.0.0_8080',
        match: { destinationPort: 8080, transportProtocol: 'tls', serverNames: [], applicationProtocols: [] },
        socket: { ...MESH_SERVER, alpn: [...BUILDS[envoy].alpn, ...MESH_SERVER.alpn] },
        http,
      }),
    ],
  };
}

function serviceCluster(lab: Lab, workload: 'httpbin' | 'ledger', envoy: EnvoyBuild): ProxyCluster {
  const identity = lab.workloads[workload];
  const service = `${identity.serviceAccount}.${identity.namespace}.svc.cluster.local`;
  const mesh: TlsSocket = {
    kind: 'tls',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: [],
    groups: [],
    alpn: [...BUILDS[envoy].alpn, 'istio'],
    certificates: ['default'],
    anchors: 'ROOTCA',
    peerNames: [`exact ${spiffeId(identity)}`],
    requiresClientCertificate: false,
    sni: `outbound_.${SERVICE_PORT}_._.${service}`,
  };
  return {
    name: `outbound|${SERVICE_PORT}||${service}`,
    type: 'EDS',
    sockets: [
      { tlsMode: 'istio', socket: mesh },
      { tlsMode: 'any', socket: { kind: 'plaintext' } },
    ],
  };
}

function gatewayRoutes(lab: Lab): ProxySeen['routes'][number] {
  const { namespace, serviceAccount } = lab.workloads.httpbin;
  const cluster = `outbound|${SERVICE_PORT}||${serviceAccount}.${namespace}.svc.cluster.local`;
  return {
    name: MANAGER.routes ?? '',
    hosts: [
      {
        domains: [lab.hosts.httpbin],
        routes: [{ cluster, path: '/', rewritesPath: undefined, rewritesHost: undefined }],
      },
    ],
  };
}

function workloadSecrets(
  { workloads, istiodCa, meshRoot }: Material,
  workload: Proxied,
): readonly ProxySecret[] {
  return [
    {
      name: 'default',
      state: 'active',
      chainPem: `${workloads[workload].certificatePem}${istiodCa.certificatePem}`,
    },
    { name: 'ROOTCA', state: 'active', anchorsPem: meshRoot.certificatePem },
  ];
}

function gatewaySecrets({ gatewayServer, meshRoot }: Material): readonly ProxySecret[] {
  return [
    {
      name: `kubernetes://${GATEWAY_CREDENTIAL}`,
      state: 'active',
      chainPem: gatewayServer.certificatePem,
    },
    {
      name: `kubernetes://${GATEWAY_CREDENTIAL}-cacert`,
      state: 'active',
      anchorsPem: meshRoot.certificatePem,
    },
  ];
}
