import { SERVICE_TOKENS } from '../../src/cases/tokens/service-token-cases.ts';
import type { ServiceEvidenceMap } from '../../src/evidence/service-evidence.ts';
import type { ServicePod } from '../../src/evidence/services/service-pods.ts';
import type { ProxyRecord } from '../../src/records/proxy-record.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import type { Lab } from '../../src/topology/lab.ts';
import type { ExposedService } from '../../src/topology/service.ts';
import { serviceMatrix } from '../../src/topology/service-matrix.ts';
import { IN_CLUSTER_IMAGES } from '../../src/versions.ts';
import { type Made, makeServer } from './certificates.ts';
import { type Material, makeMaterial, makeWorkload } from './healthy-material.ts';
import { DETAILS } from './healthy-requests.ts';
import { gateway, policies, proxy } from './healthy-service-proxies.ts';
import { cellSeen, REFUSED, traced, wire } from './healthy-service-requests.ts';
import { addressOf, labWith, PODS, PORT } from './own-service.ts';
import { data } from './wires.ts';

export interface ServiceMaterial extends Material {
  readonly own: Made;
  readonly leaf: Made;
}

export async function makeServiceMaterial(service: ExposedService): Promise<ServiceMaterial> {
  const material = await makeMaterial(labWith(service));
  const [own, leaf] = await Promise.all([
    makeWorkload(spiffeId(service.identity), material.istiodCa),
    makeServer(service.host, material.edgeIntermediate),
  ]);
  return { ...material, own, leaf };
}

/** Everything that collectors would bring of a service whose every link holds. */
export function healthyServiceEvidence(
  service: ExposedService,
  lab: Lab,
  material: ServiceMaterial,
): ServiceEvidenceMap {
  const own = PODS.map((name) => proxy(service, lab, name, material));
  const through = (id: string, more: Partial<ProxyRecord> & { status?: string }) =>
    traced(service, lab, id, more);
  return {
    'service.control': through('control', { jwt_subject: 'alice' }),
    'service.token': {
      subject: 'alice',
      audience: [service.audience],
      issuer: lab.issuer,
      roles: ['admin'],
      expiresAt: 0,
      algorithm: 'ES256',
      keyId: 'k',
    },
    'service.tokens': SERVICE_TOKENS.map((each) => {
      const { status, reason } = each.expected;
      const answer = { status: String(status), response_code_details: DETAILS[reason] };
      return { ...through(`token-${each.id}`, answer), case: each };
    }),
    'service.without-token': {
      none: through('none', REFUSED),
      query: through('query', REFUSED),
    },
    'service.cells': serviceMatrix(service, lab.services, lab.users).map((cell) =>
      cellSeen(service, lab, cell),
    ),
    'service.objects': { drift: [], isOlderBuild: false },
    'service.pods': {
      pods: PODS.map(pod),
      object: {
        ports: [{ port: PORT, name: 'http', target: PORT }],
        endpoints: PODS.map((name, at) => ({ address: addressOf(at), pod: name, ready: true })),
      },
      planned: [{ name: 'app', image: 'orders:1' }],
      revisions: ['default'],
      peerRules: [],
    },
    'service.wire': PODS.map((name) => wire(lab, name)),
    'service.proxies': { own, unseen: [], all: own, meshRootPem: material.meshRoot.certificatePem },
    'service.policies': policies(service),
    'service.edge': {
      handshake: data({
        peerChain: [material.leaf.certificatePem, material.edgeIntermediate.certificatePem],
      }),
      upstreams: [
        {
          host: service.host,
          dial: ['node:30443'],
          tls: true,
          serverName: service.host,
          skipVerify: false,
          anchors: true,
          clientCertificate: true,
        },
      ],
      edgeRootPem: material.edgeRoot.certificatePem,
      gatewayChain: [material.leaf.certificatePem],
    },
    'service.names': {
      host: { system: { addresses: ['127.0.0.1'] }, dotted: { addresses: [] }, met: {}, curl: undefined },
      inside: [
        {
          place: 'intruder',
          name: service.host,
          library: { addresses: ['172.30.0.3'] },
          a: { addresses: ['172.30.0.3'] },
          aaaa: { addresses: [] },
        },
      ],
      edgeAddresses: ['172.30.0.3'],
    },
    'service.routes': {
      virtualServices: [
        {
          name: 'apps/orders',
          hosts: [service.host],
          gateways: ['istio-ingress/public'],
          rewrites: [],
        },
      ],
      gateway: gateway(service, own[0]),
    },
  };
}

function pod(name: string, at: number): ServicePod {
  const sidecar = `hub/proxyv2:${IN_CLUSTER_IMAGES.istioTag}`;
  return {
    namespace: 'apps',
    name,
    address: addressOf(at),
    hostNetwork: false,
    revision: 'default',
    containers: [
      { name: 'app', image: 'orders:1', ready: true, restarts: 0 },
      { name: 'istio-proxy', image: sidecar, ready: true, restarts: 0 },
    ],
    refusesSidecar: false,
    sockets: { open: [PORT, 15_006], loopback: [15_000] },
    lastLines: [],
  };
}
