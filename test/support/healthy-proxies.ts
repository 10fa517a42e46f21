import type {
  FilterChain,
  HttpManager,
  Proxies,
  ProxyCluster,
  ProxyListener,
  ProxySecret,
  ProxySeen,
  TlsSocket,
} from '../../src/checks/evidence/proxies.ts';
import { GATEWAY_CREDENTIAL, SERVICE_PORT } from '../../src/mesh/manifests/names.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { ENVOY_VERSION, IN_CLUSTER_IMAGES, ISTIO_VERSION } from '../../src/versions.ts';
import type { Material } from './healthy-evidence.ts';

const PROXIED = ['gateway', 'httpbin', 'ledger', 'caller'] as const;
type Proxied = (typeof PROXIED)[number];

/** What the proxies of a lab run whose every link holds. */
export function healthyProxies(lab: Lab, material: Material): Proxies {
  return {
    proxies: PROXIED.map((workload) => proxy(lab, material, workload)),
    unseen: [],
  };
}

function proxy(lab: Lab, material: Material, workload: Proxied): ProxySeen {
  const { namespace } = lab.workloads[workload];
  const isGateway = workload === 'gateway';
  return {
    workload,
    namespace,
    pod: `${workload}-0`,
    address: '10.244.0.7',
    image: `${IN_CLUSTER_IMAGES.istioHub}/proxyv2:${IN_CLUSTER_IMAGES.istioTag}`,
    imageId: `sha256:${'5f'.repeat(32)}`,
    istioVersion: ISTIO_VERSION,
    envoyVersion: ENVOY_VERSION,
    listeners: [isGateway ? gatewayListener(lab) : inboundListener()],
    clusters: [serviceCluster(lab, 'httpbin'), serviceCluster(lab, 'ledger')],
    routes: isGateway ? [gatewayRoutes(lab)] : [],
    secrets: [...workloadSecrets(material, workload), ...(isGateway ? gatewaySecrets(material) : [])],
    policies: ['ns[istio-system]-policy[default-deny]-rule[0]'],
    rejected: [],
    sync: ['Cluster', 'Listener'].map((type) => ({ type, sent: '2026-01-01/1', acked: '2026-01-01/1' })),
  };
}

const MANAGER: HttpManager = {
  forwardClientCert: 'SANITIZE_SET',
  trustedHops: 1,
  useRemoteAddress: true,
  normalizePath: true,
  mergeSlashes: true,
  escapedSlashes: 'UNESCAPE_AND_FORWARD',
  routes: 'https.443.https-public.public.istio-ingress',
  filters: ['envoy.filters.http.rbac', 'envoy.filters.http.router'],
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

function chain(more: Partial<FilterChain> & Pick<FilterChain, 'socket'>): FilterChain {
  return {
    name: undefined,
    isDefault: false,
    match: { serverNames: [], applicationProtocols: [] },
    filters: ['envoy.filters.network.http_connection_manager'],
    http: MANAGER,
    ...more,
  };
}

function gatewayListener(lab: Lab): ProxyListener {
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
    chains: [chain({ socket, match })],
  };
}

function inboundListener(): ProxyListener {
  const http: HttpManager = { ...MANAGER, forwardClientCert: 'APPEND_FORWARD', routes: undefined };
  return {
    name: 'virtualInbound',
    address: '0.0.0.0',
    port: 15006,
    direction: 'inbound',
    chains: [
      chain({
        name: '0.0.0.0_8080',
        match: { destinationPort: 8080, transportProtocol: 'tls', serverNames: [], applicationProtocols: [] },
        socket: MESH_SERVER,
        http,
      }),
    ],
  };
}

function serviceCluster(lab: Lab, workload: 'httpbin' | 'ledger'): ProxyCluster {
  const identity = lab.workloads[workload];
  const service = `${identity.serviceAccount}.${identity.namespace}.svc.cluster.local`;
  const mesh: TlsSocket = {
    kind: 'tls',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: [],
    groups: [],
    alpn: ['istio'],
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
