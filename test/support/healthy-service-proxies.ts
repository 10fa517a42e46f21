import type { ProxySeen } from '../../src/evidence/proxies.ts';
import type { RbacFilter, RbacMatch } from '../../src/evidence/rbac-config.ts';
import type { ServiceEvidenceMap } from '../../src/evidence/service-evidence.ts';
import { spiffeId } from '../../src/topology/identity.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { clusterHost, type ExposedService, type Service } from '../../src/topology/service.ts';
import type { Made } from './certificates.ts';
import type { Material } from './healthy-material.ts';
import { addressOf, PODS, PORT } from './own-service.ts';

const exact = (text: string) => ({ how: 'exact', text, ignoreCase: false }) as const;

/** As istiod writes the two rules of the service. */
function rbac(service: ExposedService, lab: Lab): readonly RbacFilter[] {
  const or = (of: readonly RbacMatch[]): RbacMatch => ({ kind: 'or', of });
  const and = (of: readonly RbacMatch[]): RbacMatch => ({ kind: 'and', of });
  const header = (name: string, text: string): RbacMatch => ({ kind: 'header', name, value: exact(text) });
  const path = (
    value: ReturnType<typeof exact> | { how: 'prefix'; text: string; ignoreCase: false },
  ): RbacMatch => ({
    kind: 'path',
    value,
  });
  const principal = (identity: Service['identity']): RbacMatch => ({
    kind: 'principal',
    value: exact(spiffeId(identity)),
  });
  return [
    {
      action: 'ALLOW',
      policies: [
        {
          name: 'ns[apps]-policy[orders-1]-rule[0]',
          permissions: [
            and([
              or([header(':authority', service.host)]),
              or([header(':method', 'GET'), header(':method', 'PATCH')]),
              or([path(exact('/orders')), path({ how: 'prefix', text: '/orders/', ignoreCase: false })]),
              or([{ kind: 'port', port: PORT }]),
            ]),
          ],
          principals: [
            and([
              principal(lab.workloads.gateway),
              { kind: 'claim', path: ['payload', 'iss'], value: exact(lab.issuer) },
              { kind: 'claim', path: ['payload', 'roles'], value: exact('admin') },
            ]),
          ],
        },
        {
          name: 'ns[apps]-policy[orders-2]-rule[0]',
          permissions: [
            and([
              or([header(':method', 'GET')]),
              or([path({ how: 'prefix', text: '/internal/', ignoreCase: false })]),
            ]),
          ],
          principals: [principal(lab.workloads.httpbin)],
        },
      ],
    },
  ];
}

export function proxy(
  service: ExposedService,
  lab: Lab,
  name: string,
  material: Pick<Material, 'istiodCa' | 'meshRoot'> & { readonly own: Made },
): ProxySeen {
  const tls = {
    kind: 'tls',
    ciphers: [],
    groups: [],
    alpn: [],
    certificates: ['default'],
    anchors: 'ROOTCA',
  } as const;
  return {
    workload: undefined,
    namespace: 'apps',
    pod: name,
    address: addressOf(0),
    image: 'proxyv2',
    imageId: 'sha256:1',
    istioVersion: '1.31.4',
    envoyVersion: '1.40.0',
    listeners: [
      {
        name: 'virtualInbound',
        address: '0.0.0.0',
        port: 15_006,
        direction: 'inbound',
        chains: [
          {
            name: `0.0.0.0_${PORT}`,
            isDefault: false,
            match: {
              destinationPort: PORT,
              transportProtocol: 'tls',
              serverNames: [],
              applicationProtocols: [],
            },
            socket: {
              ...tls,
              peerNames: ['prefix spiffe://cluster.local/'],
              requiresClientCertificate: true,
            },
            filters: ['envoy.filters.network.http_connection_manager'],
            http: {
              forwardClientCert: 'APPEND_FORWARD',
              trustedHops: 0,
              useRemoteAddress: false,
              normalizePath: true,
              mergeSlashes: true,
              escapedSlashes: undefined,
              routes: undefined,
              filters: ['envoy.filters.http.rbac'],
              rbac: rbac(service, lab),
            },
          },
        ],
      },
    ],
    clusters: [
      {
        name: `outbound|${PORT}||${clusterHost(service)}`,
        type: 'EDS',
        sockets: [
          {
            tlsMode: 'istio',
            socket: {
              ...tls,
              peerNames: [`exact ${spiffeId(service.identity)}`],
              requiresClientCertificate: false,
            },
          },
        ],
      },
    ],
    routes: [],
    secrets: [
      {
        name: 'default',
        state: 'active',
        chainPem: `${material.own.certificatePem}${material.istiodCa.certificatePem}`,
      },
      { name: 'ROOTCA', state: 'active', anchorsPem: material.meshRoot.certificatePem },
    ],
    policies: [],
    rejected: [],
    sync: [],
  };
}

export function gateway(service: ExposedService, like: ProxySeen | undefined): ProxySeen | undefined {
  const [inbound] = like?.listeners ?? [];
  const [chain] = inbound?.chains ?? [];
  if (like === undefined || inbound === undefined || chain?.http === undefined) return undefined;
  const http = { ...chain.http, routes: 'https.443' };
  return {
    ...like,
    workload: 'gateway',
    listeners: [{ ...inbound, port: 8443, chains: [{ ...chain, http }] }],
    routes: [
      {
        name: 'https.443',
        hosts: [
          {
            domains: [service.host],
            routes: [
              {
                cluster: `outbound|${PORT}||${clusterHost(service)}`,
                path: '/',
                rewritesPath: undefined,
                rewritesHost: undefined,
              },
            ],
          },
        ],
      },
    ],
  };
}

export function policies(service: ExposedService): ServiceEvidenceMap['service.policies'] {
  const object = {
    kind: 'AuthorizationPolicy',
    namespace: 'apps',
    selector: service.selector,
    action: 'ALLOW',
    dryRun: false,
    rules: [{ hosts: [], paths: ['/orders'], negations: [] }],
    targets: false,
    issuers: [],
  } as const;
  return {
    objects: [
      ...service.access.map(({ policy }) => ({ ...object, name: policy.split('/')[1] ?? '' })),
      { ...object, kind: 'RequestAuthentication', name: 'orders-tokens', rules: [], issuers: ['i'] },
      { ...object, namespace: 'istio-system', name: 'default-deny', selector: {}, rules: [] },
    ],
    proxies: PODS.map((name) => ({
      workload: `apps/${name}`,
      namespace: 'apps',
      labels: { app: 'orders' },
      policies: service.access.map(({ policy }) => policy),
      issuers: ['i'],
    })),
    unasked: [],
  };
}
