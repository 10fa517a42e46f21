import { APP_ID } from '../sample/names.ts';
/**
 * The corpus of ways around the chain: whom somebody inside the lab may ask directly, and what must
 * come of it. What is open on purpose stands here too, with exactly what it may give.
 */
export type BypassComponent =
  | 'node'
  | 'gateway-pod'
  | 'gateway-service'
  | 'app-pod'
  | 'app-service'
  | 'istiod-pod'
  | 'api-service'
  | 'edge'
  | 'idp-name'
  | 'idp-address';

/** What the asker sends. */
export type BypassSays =
  /** Plaintext HTTP/1.1. */
  | { readonly kind: 'http'; readonly method: 'GET' | 'POST'; readonly path: string }
  /** TLS with this client certificate, then HTTP/1.1. */
  | { readonly kind: 'tls'; readonly client: 'none' | 'foreign-ca'; readonly path: string }
  /** A unary gRPC call over TLS, without any credential. */
  | { readonly kind: 'grpc'; readonly path: string }
  /** The preface of HTTP/2 in plaintext, as gRPC clients send it. */
  | { readonly kind: 'h2c' };

export type BypassMust =
  | { readonly kind: 'refused' }
  /** Connected, and not a byte of an answer. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'alert'; readonly alert: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'grpc-status'; readonly status: number }
  /** Open on purpose: 200 with metrics, or with nothing at all. */
  | { readonly kind: 'allowed'; readonly gives: 'metrics' | 'nothing' | 'version' }
  /** No connection comes about: no route, nobody, or dropped on the way. */
  | { readonly kind: 'unreachable' }
  /** Its name means nothing there, or nobody can be reached under it. */
  | { readonly kind: 'no-such-name' };

export interface BypassCase {
  readonly id: string;
  readonly check:
    | 'MD-EXPO-002'
    | 'MD-EXPO-003'
    | 'MD-EXPO-004'
    | 'MD-EXPO-005'
    | 'MD-EXPO-006'
    | 'MD-EXPO-007'
    | 'MD-MESH-014';
  /** `intruder`: a pod without sidecar. `probe`: another container on the lab's network. */
  readonly from: 'intruder' | 'probe';
  readonly to: BypassComponent;
  readonly port: number;
  readonly says: BypassSays;
  readonly must: BypassMust;
}

const get = (path: string): BypassSays => ({ kind: 'http', method: 'GET', path });
const post = (path: string): BypassSays => ({ kind: 'http', method: 'POST', path });
const anonymous = (path: string): BypassSays => ({ kind: 'tls', client: 'none', path });

const REFUSED = { kind: 'refused' } as const;
const CLOSED = { kind: 'closed' } as const;
const status = (code: number): BypassMust => ({ kind: 'status', status: code });
const alert = (name: string): BypassMust => ({ kind: 'alert', alert: name });
const METRICS = { kind: 'allowed', gives: 'metrics' } as const;
const NOTHING = { kind: 'allowed', gives: 'nothing' } as const;

const CA_CALL = '/istio.v1.auth.IstioCertificateService/CreateCertificate';
const XDS_CALL = '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources';
/** gRPC's code for whoever has shown no credential. */
const UNAUTHENTICATED = { kind: 'grpc-status', status: 16 } as const;

type Row = readonly [id: string, port: number, says: BypassSays, must: BypassMust];

function rows(
  check: BypassCase['check'],
  from: BypassCase['from'],
  to: BypassComponent,
  cases: readonly Row[],
): readonly BypassCase[] {
  return cases.map(([id, port, says, must]) => ({ id, check, from, to, port, says, must }));
}

const GATEWAY = (nodePort: number): readonly BypassCase[] => [
  ...rows('MD-EXPO-002', 'probe', 'node', [
    ['lab-network-no-certificate', nodePort, anonymous('/'), alert('certificate_required')],
    [
      'lab-network-foreign-ca',
      nodePort,
      { kind: 'tls', client: 'foreign-ca', path: '/' },
      alert('unknown_ca'),
    ],
    ['lab-network-plain', nodePort, get('/'), CLOSED],
  ]),
  ...rows('MD-EXPO-002', 'intruder', 'node', [
    ['pod-network-no-certificate', nodePort, anonymous('/'), alert('certificate_required')],
    [
      'pod-network-foreign-ca',
      nodePort,
      { kind: 'tls', client: 'foreign-ca', path: '/' },
      alert('unknown_ca'),
    ],
    ['pod-network-plain', nodePort, get('/'), CLOSED],
  ]),
  ...rows('MD-EXPO-002', 'intruder', 'gateway-service', [
    ['service-no-certificate', 443, anonymous('/'), alert('certificate_required')],
    ['service-foreign-ca', 443, { kind: 'tls', client: 'foreign-ca', path: '/' }, alert('unknown_ca')],
  ]),
  ...rows('MD-EXPO-002', 'intruder', 'gateway-pod', [
    ['pod-no-certificate', 8443, anonymous('/'), alert('certificate_required')],
    ['pod-plain', 8443, get('/'), CLOSED],
  ]),
];

const EDGE_ADMIN: readonly BypassCase[] = [
  ...rows('MD-EXPO-003', 'probe', 'edge', [['lab-network', 2019, get('/config/'), REFUSED]]),
  ...rows('MD-EXPO-003', 'intruder', 'edge', [['pod-network', 2019, get('/config/'), REFUSED]]),
];

/**
 * istiod. Its debug handlers answer only authenticated callers; the list of their names, readiness,
 * metrics and version are for everybody. The webhook must answer the API server, which shows no
 * credential: to others it gives an error.
 */
const ISTIOD: readonly BypassCase[] = rows('MD-EXPO-004', 'intruder', 'istiod-pod', [
  ['xds-plaintext', 15010, { kind: 'h2c' }, REFUSED],
  ['xds-without-credential', 15012, { kind: 'grpc', path: XDS_CALL }, UNAUTHENTICATED],
  ['ca-without-credential', 15012, { kind: 'grpc', path: CA_CALL }, UNAUTHENTICATED],
  ['debug-configz', 8080, get('/debug/configz'), status(401)],
  ['debug-config-dump', 8080, get('/debug/config_dump'), status(401)],
  ['debug-pprof', 8080, get('/debug/pprof/'), status(401)],
  ['ready', 8080, get('/ready'), NOTHING],
  ['monitoring-configz', 15014, get('/debug/configz'), status(401)],
  ['monitoring-registryz', 15014, get('/debug/registryz'), status(401)],
  ['metrics', 15014, get('/metrics'), METRICS],
  ['version', 15014, get('/version'), { kind: 'allowed', gives: 'version' }],
  ['webhook', 15017, anonymous('/inject'), status(400)],
  ['control-console', 9876, get('/'), REFUSED],
]);

/** What a sidecar and the gateway's proxy may give: readiness and metrics, no configuration, no switch. */
const PROXIES: readonly BypassCase[] = [
  ...proxyRows('sidecar', 'app-pod', CLOSED),
  ...proxyRows('gateway', 'gateway-pod', REFUSED),
];

function proxyRows(name: string, to: BypassComponent, elsewhere: BypassMust): readonly BypassCase[] {
  return rows('MD-EXPO-005', 'intruder', to, [
    [`${name}-admin`, 15000, get('/config_dump'), elsewhere],
    [`${name}-agent-xds`, 15004, get('/debug/config_dump'), elsewhere],
    [`${name}-agent-quit`, 15020, post('/quitquitquit'), status(403)],
    [`${name}-agent-drain`, 15020, post('/drain'), status(403)],
    [`${name}-agent-pprof`, 15020, get('/debug/pprof/'), status(403)],
    [`${name}-agent-config`, 15020, get('/config_dump'), status(404)],
    [`${name}-agent-metrics`, 15020, get('/stats/prometheus'), METRICS],
    [`${name}-health`, 15021, get('/healthz/ready'), NOTHING],
    [`${name}-health-other`, 15021, get('/config_dump'), status(404)],
    [`${name}-metrics`, 15090, get('/stats/prometheus'), METRICS],
    [`${name}-metrics-other`, 15090, get('/config_dump'), status(404)],
    [`${name}-metrics-admin`, 15090, get('/certs'), status(404)],
  ]);
}

const CLUSTER: readonly BypassCase[] = [
  ...rows('MD-EXPO-006', 'intruder', 'node', [
    ['kubelet-pods', 10250, anonymous('/pods'), status(401)],
    ['kubelet-logs', 10250, anonymous(`/containerLogs/apps/${APP_ID}/app`), status(401)],
    ['kubelet-read-only', 10255, get('/pods'), REFUSED],
    ['api-secrets', 6443, anonymous('/api/v1/secrets'), status(403)],
    ['api-objects', 6443, anonymous('/apis/security.istio.io/v1/authorizationpolicies'), status(403)],
    ['etcd', 2379, anonymous('/version'), alert('certificate_required')],
    ['etcd-metrics', 2381, get('/metrics'), REFUSED],
    ['controller-manager', 10257, anonymous('/metrics'), REFUSED],
    ['scheduler', 10259, anonymous('/metrics'), REFUSED],
  ]),
  ...rows('MD-EXPO-006', 'intruder', 'api-service', [
    ['api-service-secrets', 443, anonymous('/api/v1/namespaces/istio-system/secrets'), status(403)],
  ]),
];

/** A name that is not known says nothing about the address behind it: each is asked for itself. */
const IDP = (idpPort: number): readonly BypassCase[] => {
  const discovery = get('/.well-known/openid-configuration');
  const [unreachable, noSuchName] = [{ kind: 'unreachable' }, { kind: 'no-such-name' }] as const;
  return [
    ...rows('MD-EXPO-007', 'intruder', 'idp-name', [['pod-network-name', idpPort, discovery, noSuchName]]),
    ...rows('MD-EXPO-007', 'intruder', 'idp-address', [
      ['pod-network-address', idpPort, discovery, unreachable],
    ]),
    ...rows('MD-EXPO-007', 'probe', 'idp-name', [['lab-network-name', idpPort, discovery, noSuchName]]),
    ...rows('MD-EXPO-007', 'probe', 'idp-address', [
      ['lab-network-address', idpPort, discovery, unreachable],
    ]),
  ];
};

const APP: readonly BypassCase[] = rows('MD-MESH-014', 'intruder', 'app-service', [
  ['service-plain', 8000, get('/headers'), CLOSED],
]);

export function bypassCases({
  gatewayNodePort,
  idpPort,
}: {
  readonly gatewayNodePort: number;
  readonly idpPort: number;
}): readonly BypassCase[] {
  return [
    ...GATEWAY(gatewayNodePort),
    ...EDGE_ADMIN,
    ...ISTIOD,
    ...PROXIES,
    ...CLUSTER,
    ...IDP(idpPort),
    ...APP,
  ];
}
