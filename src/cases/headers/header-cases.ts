import { FORGED } from '../traced-requests.ts';
import { type HeaderCase, headerCasesOf as cases } from './header-case.ts';
import { IDENTITY_CASES } from './identity-cases.ts';

const { address, host, spiffe } = FORGED;
const V6 = '2001:db8::66';

const ADDRESS = cases('MD-HDR-001', [
  ['xff-one', 'one forged hop', [`X-Forwarded-For: ${address}`]],
  ['xff-two', 'two forged hops', [`X-Forwarded-For: ${address}, 198.51.100.7`]],
  ['xff-three', 'three forged hops', [`X-Forwarded-For: ${address}, 198.51.100.7, 10.0.0.1`]],
  ['xff-twice', 'the header twice', [`X-Forwarded-For: ${address}`, 'X-Forwarded-For: 127.0.0.1']],
  ['xff-v6', 'an IPv6 address', [`X-Forwarded-For: ${V6}`]],
  ['xff-garbage', 'not an address', ['X-Forwarded-For: forged, unknown, "']],
  ['xff-loopback', 'a trusted-looking address', ['X-Forwarded-For: 127.0.0.1', `X-Real-Ip: ${address}`]],
  ['forwarded', 'RFC 7239', [`Forwarded: for=${address};host=${host};proto=http`]],
  ['forwarded-v6', 'RFC 7239 with IPv6', [`Forwarded: for="[${V6}]:1";by=forged`]],
  ['real-ip', 'the header of nginx', [`X-Real-Ip: ${address}`]],
  [
    'true-client-ip',
    'headers of content delivery networks',
    [`True-Client-Ip: ${address}`, `Cf-Connecting-Ip: ${address}`],
  ],
  ['client-ip', 'headers of application servers', [`Client-Ip: ${address}`, `X-Client-Ip: ${address}`]],
  [
    'cluster-client-ip',
    'headers of load balancers',
    [`X-Cluster-Client-Ip: ${address}`, `Fastly-Client-Ip: ${address}`],
  ],
  ['remote-addr', 'headers of old gateways', [`X-Remote-Addr: ${address}`, `X-Originating-Ip: ${address}`]],
]);

const PUBLIC_NAME = cases('MD-HDR-001', [
  ['proto-http', 'plaintext is claimed', ['X-Forwarded-Proto: http']],
  ['proto-garbage', 'not a protocol', ['X-Forwarded-Proto: forged']],
  [
    'scheme',
    'other headers for the protocol',
    ['X-Scheme: forged', 'X-Url-Scheme: forged', 'Front-End-Https: forged'],
  ],
  ['forwarded-host', 'another public name', [`X-Forwarded-Host: ${host}`]],
  [
    'forwarded-host-twice',
    'the name twice',
    [`X-Forwarded-Host: ${host}`, 'X-Forwarded-Host: second.forged'],
  ],
  [
    'x-host',
    'other headers for the host name',
    [`X-Host: ${host}`, `X-Original-Host: ${host}`, `X-Forwarded-Server: ${host}`],
  ],
  ['forwarded-port', 'another port', ['X-Forwarded-Port: 6666forged']],
  ['forwarded-prefix', 'another path prefix', ['X-Forwarded-Prefix: /forged', 'X-Forwarded-Uri: /forged']],
]);

const element = `By=${spiffe};Hash=00;Subject="";URI=${spiffe}`;
const XFCC = cases('MD-HDR-002', [
  ['xfcc-one', 'one element', [`X-Forwarded-Client-Cert: ${element}`]],
  ['xfcc-many', 'three elements', [`X-Forwarded-Client-Cert: ${element},${element},${element}`]],
  [
    'xfcc-twice',
    'the header twice',
    [`X-Forwarded-Client-Cert: ${element}`, `X-Forwarded-Client-Cert: ${element}`],
  ],
  [
    'xfcc-quoted',
    'a comma within quotes',
    [`X-Forwarded-Client-Cert: Subject="CN=forged,URI=${spiffe}";URI=${spiffe}`],
  ],
  ['xfcc-escaped', 'an escaped quote', [String.raw`X-Forwarded-Client-Cert: Subject="\",URI=${spiffe}`]],
  [
    'client-cert',
    'headers of other proxies',
    [
      'Client-Cert: :Zm9yZ2Vk:forged',
      'X-Client-Cert: forged',
      'X-Ssl-Client-Cert: forged',
      'Ssl-Client-Verify: forged',
    ],
  ],
  ['xfcc-gateway', 'directly to the gateway', [`X-Forwarded-Client-Cert: ${element}`], { via: 'gateway' }],
  [
    'xfcc-pod',
    'from pod to pod, through both sidecars',
    [`X-Forwarded-Client-Cert: ${element}`],
    { via: 'pod' },
  ],
]);

const CONTROLS = cases('MD-HDR-003', [
  ['envoy-timeout', 'a timeout of one millisecond for the app', ['X-Envoy-Upstream-Rq-Timeout-Ms: 1']],
  ['envoy-retry', 'retries requested', ['X-Envoy-Retry-On: 5xx,forged', 'X-Envoy-Max-Retries: 9']],
  [
    'envoy-original-path',
    'the path that logs and policies may read',
    ['X-Envoy-Original-Path: /anything/admin/forged'],
  ],
  ['envoy-external-address', 'the client address of Envoy', [`X-Envoy-External-Address: ${address}`]],
  ['envoy-internal', 'a request marked as internal', ['X-Envoy-Internal: forged']],
  ['envoy-decorator', 'the name in traces', ['X-Envoy-Decorator-Operation: forged']],
  [
    'envoy-peer-metadata',
    'the metadata of a workload',
    ['X-Envoy-Peer-Metadata: forged', 'X-Envoy-Peer-Metadata-Id: forged'],
  ],
  [
    'envoy-force-trace',
    'tracing forced, and an attempt count',
    ['X-Envoy-Force-Trace: forged', 'X-Envoy-Attempt-Count: 9forged'],
  ],
  ['meshdev-id', 'the request id of the lab', [`X-Meshdev-Id: ${FORGED.id}`]],
  ['request-id', 'the request id of Envoy', ['X-Request-Id: forged']],
  ['istio-attributes', 'attributes of the former Mixer', ['X-Istio-Attributes: forged']],
]);

const subject = 'X-Meshdev-Subject';
const CLAIM_HEADERS = cases('MD-HDR-004', [
  ['claim', 'the header of the validated subject', [`${subject}: forged`]],
  ['claim-twice', 'the header twice', [`${subject}: forged`, `${subject}: forged-too`]],
  ['claim-spelling', 'other letter case', [`${subject.toUpperCase()}: forged`]],
  ['claim-gateway', 'directly to the gateway', [`${subject}: forged`], { via: 'gateway' }],
  [
    'claim-without-token',
    'a request without a token',
    [`${subject}: forged`],
    { as: 'nobody', outcome: 'denied' },
  ],
  [
    'user-headers',
    'headers of authentication proxies',
    ['Remote-User: forged', 'X-User: forged', 'X-Auth-Request-User: forged', 'X-Forwarded-User: forged'],
  ],
  [
    'payload-headers',
    'a payload marked as verified',
    ['X-Jwt-Payload: forged', 'X-Authenticated-Userid: forged', 'X-Webauth-User: forged'],
  ],
]);

const ALIASES = cases('MD-HDR-005', [
  [
    'alias-underscore',
    'underscores instead of hyphens',
    ['X_Forwarded_Client_Cert: forged', 'X_Meshdev_Subject: forged'],
  ],
  ['alias-mixed', 'one underscore', ['X-Forwarded_Client-Cert: forged']],
  ['alias-dot', 'dots instead of hyphens', ['X.Forwarded.Client.Cert: forged']],
  ['alias-space', 'a space before the colon', ['X-Forwarded-Client-Cert : forged'], { outcome: 'refused' }],
  ['alias-tab', 'a tab before the colon', ['X-Forwarded-Client-Cert\t: forged'], { outcome: 'refused' }],
  ['alias-nul', 'a NUL in the name', ['X-Forwarded-Client-Cert\0: forged'], { outcome: 'refused' }],
  [
    'alias-latin',
    'a non-ASCII letter in the name',
    ['X-Forwarded-Client-C\xe9rt: forged'],
    { outcome: 'refused' },
  ],
  [
    'alias-cr',
    'a bare CR before a second name',
    ['X-Harmless: a\rX-Forwarded-Client-Cert: forged'],
    { outcome: 'refused' },
  ],
  [
    'alias-lf',
    'a bare LF before a second name: a header of its own, which the edge removes',
    ['X-Harmless: a\nX-Forwarded-Client-Cert: forged'],
  ],
  ['alias-nameless', 'no name', [': forged'], { outcome: 'refused' }],
  [
    'alias-folded',
    'a folded line is joined to the value before it, which is not an identity header',
    ['X-Harmless: a', ' X-Forwarded-Client-Cert: forged'],
    { outcome: 'tolerated' },
  ],
  [
    'alias-token-signs',
    'characters that RFC 9110 allows in a name: only the words between them count',
    ['X+Forwarded+Client+Cert: forged', 'X~Forwarded~Client~Cert: forged'],
  ],
]);

const OVERRIDES = cases('MD-HDR-006', [
  ['original-url', 'another URL for the app', ['X-Original-Url: /anything/forged']],
  ['rewrite-url', 'another URL for the app', ['X-Rewrite-Url: /anything/forged']],
  ['method-override', 'another method for the app', ['X-Http-Method-Override: DELETE-forged']],
  ['method-other', 'other headers for the method', ['X-Method-Override: forged', 'X-Http-Method: forged']],
  ['original-uri', 'headers of other proxies', ['X-Original-Uri: /forged', 'X-Original-Method: forged']],
  ['connection-id', 'the id of the lab is declared hop-by-hop', ['Connection: X-Meshdev-Id']],
  [
    'connection-forwarded',
    'headers of the edge are declared hop-by-hop',
    ['Connection: close, X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host'],
  ],
  [
    'connection-xfcc',
    'the XFCC is declared hop-by-hop',
    ['Connection: X-Forwarded-Client-Cert, X-Meshdev-Subject'],
  ],
  ['connection-host', 'Host is declared hop-by-hop', ['Connection: Host, Via']],
  [
    'connection-authorization',
    'the client removes its own token',
    ['Connection: Authorization'],
    { outcome: 'denied' },
  ],
  [
    'hop-by-hop',
    'hop-by-hop headers',
    ['Keep-Alive: timeout=forged', 'Proxy-Authorization: forged', 'TE: forged', 'Proxy-Connection: forged'],
  ],
]);

/** Each was measured on the pinned Caddy and Envoy. */
export const HEADER_CASES: readonly HeaderCase[] = [
  ...ADDRESS,
  ...PUBLIC_NAME,
  ...XFCC,
  ...CONTROLS,
  ...CLAIM_HEADERS,
  ...ALIASES,
  ...OVERRIDES,
  ...IDENTITY_CASES,
];
