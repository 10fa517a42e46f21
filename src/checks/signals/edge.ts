import { ADMIN } from '../../sample/names.ts';
import { type Signal, signal } from './signal.ts';

const edge = (name: string, words: RegExp, rest: Parameters<typeof signal>[3]): Signal =>
  signal('edge error', name, words, rest);

/** What Caddy writes as the error of a request; the client sees 502 with an empty body for most of it. */
export const EDGE_SIGNALS: readonly Signal[] = [
  edge('x509: certificate signed by unknown authority', /x509: certificate signed by unknown authority/, [
    'the CA of the gateway is not in the pool of the edge',
    'meshdev up',
    'MD-EGW-002',
  ]),
  edge('x509: certificate is valid for …, not …', /x509: certificate is (?:not )?valid for/, [
    'the certificate of the gateway does not have the expected name',
    'meshdev check MD-EGW-004',
    'MD-EGW-004',
  ]),
  edge(
    'x509: certificate has expired or is not yet valid',
    /x509: certificate has expired or is not yet valid/,
    ['the certificate of the gateway is expired or not yet valid', 'meshdev up'],
  ),
  edge('remote error: tls: certificate required', /remote error: tls: certificate required/, [
    'the gateway requires a client certificate, and the edge presented none',
    'meshdev check MD-EGW-005',
    'MD-EGW-005',
  ]),
  edge('remote error: tls: expired certificate', /remote error: tls: expired certificate/, [
    'the client certificate of the edge is expired or not yet valid',
    'meshdev up',
    'MD-EGW-005',
  ]),
  edge(
    'remote error: tls: unknown certificate authority',
    /remote error: tls: unknown certificate authority/,
    [
      'the gateway does not trust the CA of the client certificate of the edge',
      'meshdev check MD-EGW-005',
      'MD-EGW-005',
    ],
  ),
  edge(
    'remote error: tls: unknown certificate',
    /remote error: tls: (?:unknown|bad|unsupported) certificate/,
    [
      'the gateway refuses the client certificate of the edge: wrong name or purpose',
      'meshdev check MD-EGW-005',
      'MD-EGW-005',
    ],
  ),
  edge(
    'remote error: tls: protocol version not supported',
    /remote error: tls: (?:protocol version not supported|handshake failure)/,
    [
      'edge and gateway have no TLS version or cipher suite in common',
      'meshdev check MD-EGW-006',
      'MD-EGW-006',
    ],
  ),
  edge('first record does not look like a TLS handshake', /first record does not look like a TLS handshake/, [
    'the next component uses plaintext, and the edge uses TLS',
    'meshdev up',
    'MD-EGW-002',
  ]),
  edge('connect: connection refused', /connection refused/, [
    'no process listens on the address of the next component',
    'meshdev status',
    'MD-WRK-001',
  ]),
  edge('no such host', /no such host|server misbehaving/, [
    'the name of the next component cannot be resolved',
    'meshdev status',
  ]),
  edge('connection reset by peer, EOF', /connection reset by peer|\bEOF$|broken pipe/, [
    'the gateway closed the connection during the handshake: it has no filter chain for the SNI, or refused the client certificate',
    'meshdev check MD-EGW-005 MD-EGW-007',
    'MD-EGW-005',
    'MD-EGW-007',
  ]),
  edge('cannot rewind body after connection loss', /cannot rewind body after connection loss/, [
    'the gateway closed the connection during a request with a body: its listener had just changed',
    'meshdev check',
    'MD-GW-003',
  ]),
  edge('no upstreams available', /no upstreams available/, ['no upstream is available', 'meshdev status']),
  edge('i/o timeout', /i\/o timeout|context deadline exceeded|timeout awaiting response headers/, [
    'the next component did not answer in time',
    'meshdev status',
    'MD-WRK-001',
  ]),
  edge('context canceled', /context canceled/, [
    'the client closed the connection before the response',
    'check the timeout of the client: curl --verbose --max-time 60 URL',
  ]),
  edge('no path', /^no path$/, [
    'the request has no path (`GET *`): the gateway would close the whole connection',
    'send a request with a path: curl --verbose URL',
  ]),
  signal('edge status', '421', /^(?:421(?: Misdirected Request)?|Misdirected Request)$/i, [
    'SNI and Host differ: the client used a connection of another host',
    'open a new connection for this host: curl --verbose URL',
    'MD-EDGE-010',
  ]),
  // Caddy hands on what a proxy behind it answers.
  signal('response body', 'RBAC: access denied', /^RBAC: access denied$/, [
    'the sidecar refused the request: no token, or no policy allows this user, method and path',
    `compare the token with the access matrix: meshdev token ${ADMIN} --decode; meshdev docs checks`,
    'MD-RBAC-001',
    'MD-JWT-002',
  ]),
  signal(
    'response body',
    'upstream connect error or disconnect/reset before headers',
    /^upstream connect error or disconnect\/reset before headers/,
    [
      'a proxy could not reach the next component, or lost the connection to it',
      'meshdev check MD-MESH-002 MD-WRK-001',
      'MD-MESH-002',
      'MD-WRK-001',
    ],
  ),
];
