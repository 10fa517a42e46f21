import { ADMIN } from '../../sample/names.ts';
import { type Signal, signal } from './signal.ts';

type Row = readonly [status: number, name: string, rest: Parameters<typeof signal>[3]];

const RECORDS = 'this shows which component answered: meshdev check --verbose';
const REQUEST = 'this shows what the client sends: curl --verbose URL';
const ROUTES = 'read the timeouts and routes: meshdev kubectl get virtualservice -A -o yaml';

/** Statuses that a component of the chain sends by itself; an app may send each of them too. 421 has a row of the edge. */
const STATUS_ROWS: readonly Row[] = [
  [
    0,
    'no response',
    [
      'Envoy records 0 when the client left, or the connection ended, before a response was sent',
      'check the timeout of the client: curl --verbose --max-time 60 URL',
    ],
  ],
  [
    301,
    'Moved Permanently',
    ['Envoy redirects: the gateway or a VirtualService sends the client to another address', ROUTES],
  ],
  [
    308,
    'Permanent Redirect',
    ['Caddy redirects plain HTTP to HTTPS', 'use https: curl --verbose --location URL', 'MD-EDGE-001'],
  ],
  [
    400,
    'Bad Request',
    [
      'the request is malformed: Caddy or Envoy refused it (flag DPE, details http1.…), or the IdP answered with an OAuth error; plain HTTP to a TLS port is answered so too',
      REQUEST,
      'MD-HDR-003',
    ],
  ],
  [
    401,
    'Unauthorized',
    [
      'the token filter of the gateway or of a sidecar refused the token, the IdP refused a client, or the Kubernetes API refused the credentials',
      `get a new token: meshdev token ${ADMIN}`,
      'MD-JWT-002',
    ],
  ],
  [
    403,
    'Forbidden',
    [
      'the policies of a proxy allow no such request (RBAC: access denied), or the app or the Kubernetes API refused the user',
      'compare the policies with the request: meshdev kubectl get authorizationpolicy -A',
      'MD-RBAC-001',
    ],
  ],
  [
    404,
    'Not Found',
    [
      'Envoy has no route for this Host and path (flag NR), the IdP has no such endpoint, or the app has no such page',
      'meshdev check MD-EGW-007 MD-GW-005',
      'MD-EGW-007',
    ],
  ],
  [
    405,
    'Method Not Allowed',
    ['the IdP or the app does not take this method at this path; no proxy sends this status', REQUEST],
  ],
  [
    408,
    'Request Timeout',
    [
      'the client did not send its request in time: Envoy (request_header_timeout, stream_idle_timeout, flag SI) or Caddy ended it',
      'check the timeout of the client: curl --verbose --max-time 60 URL',
    ],
  ],
  [
    409,
    'Conflict',
    [
      'the Kubernetes API or the engine refused a change, because the object was changed or exists already',
      'meshdev up',
    ],
  ],
  [
    411,
    'Length Required',
    ['the app or the IdP wants a Content-Length; no proxy sends this status', REQUEST],
  ],
  [
    413,
    'Content Too Large',
    [
      'the body is larger than Caddy takes for this site (64 KiB for the IdP), or than a filter of Envoy can buffer (request_payload_too_large)',
      'send a smaller body: curl --verbose --data @FILE URL',
    ],
  ],
  [
    414,
    'URI Too Long',
    ['the address is longer than the app takes; Caddy and Envoy answer 431 instead', REQUEST],
  ],
  [
    415,
    'Unsupported Media Type',
    ['the IdP, the app or the gRPC filter of Envoy does not take this Content-Type', REQUEST],
  ],
  [
    417,
    'Expectation Failed',
    [
      'Caddy or the app does not know the Expect header of the request',
      'send none: curl --verbose --header Expect: URL',
    ],
  ],
  [422, 'Unprocessable Entity', ['the Kubernetes API found an object invalid', 'meshdev config validate']],
  [
    426,
    'Upgrade Required',
    [
      'the request uses HTTP/1.0 or older, and Envoy refused it (low_version); some clients and load balancers do so for health checks',
      'use HTTP/1.1 or HTTP/2: curl --verbose --http1.1 URL',
    ],
  ],
  [
    429,
    'Too Many Requests',
    [
      'a rate limit was reached: of a filter of Envoy (flag RL), of the IdP, of the registry, or of the Kubernetes API',
      'read the extensions of the proxies: meshdev kubectl get envoyfilter -A',
    ],
  ],
  [
    431,
    'Request Header Fields Too Large',
    [
      'the headers of the request are too large for Caddy (1 MiB), for Envoy (60 KiB or 100 headers) or for the app; often cookies or a large token',
      `look at the size of the token and the cookies: meshdev token ${ADMIN} --decode`,
    ],
  ],
  [
    494,
    'Request Header Too Large',
    [
      'an nginx in the app or before the lab refused large headers; neither Caddy nor Envoy sends this status',
      RECORDS,
    ],
  ],
  [
    495,
    'SSL Certificate Error',
    [
      'an nginx in the app or before the lab refused the client certificate; neither Caddy nor Envoy sends this status',
      RECORDS,
    ],
  ],
  [
    496,
    'SSL Certificate Required',
    [
      'an nginx in the app or before the lab wants a client certificate; neither Caddy nor Envoy sends this status',
      RECORDS,
    ],
  ],
  [
    497,
    'HTTP Request Sent to HTTPS Port',
    [
      'an nginx in the app or before the lab got plain HTTP at a TLS port; neither Caddy nor Envoy sends this status',
      RECORDS,
    ],
  ],
  [
    499,
    'Client Closed Request',
    [
      'Caddy records 499 when the client closed the connection before the response (context canceled)',
      'check the timeout of the client: curl --verbose --max-time 60 URL',
    ],
  ],
  [
    500,
    'Internal Server Error',
    [
      'the app, the IdP or Caddy failed, or an extension of Envoy did; the record of the innermost component with 500 has the cause',
      RECORDS,
    ],
  ],
  [
    501,
    'Not Implemented',
    ['Caddy or Envoy does not know the Transfer-Encoding of the request, or the app its method', REQUEST],
  ],
  [
    502,
    'Bad Gateway',
    [
      'Caddy could not reach the gateway or its TLS handshake failed, or Envoy got a response that is not HTTP (flag UPE) or has no service for the address (BlackHoleCluster)',
      'meshdev check edge->gateway',
      'MD-EGW-002',
      'MD-EGW-005',
    ],
  ],
  [
    503,
    'Service Unavailable',
    [
      'Envoy could not reach the next component or lost the connection to it (flags UF, UH, UC, UO), or Caddy has no upstream',
      'meshdev check MD-MESH-002 MD-WRK-001',
      'MD-MESH-002',
      'MD-WRK-001',
    ],
  ],
  [
    504,
    'Gateway Timeout',
    [
      'the next component did not answer Caddy or Envoy in time (flags UT, SI; upstream_response_timeout)',
      ROUTES,
      'MD-WRK-001',
    ],
  ],
  [
    505,
    'HTTP Version Not Supported',
    ['Caddy or the app does not know the version in the request line', REQUEST],
  ],
];

/** `431`, or `431` and its name as a client shows it. */
export const STATUS_SIGNALS: readonly Signal[] = STATUS_ROWS.map(([status, name, rest]) =>
  signal('status', String(status), new RegExp(`^(?:${status}(?: .*)?|${name})$`, 'i'), rest),
);
