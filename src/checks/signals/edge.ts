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
    'the certificate of the gateway names another host than the one wanted',
    'meshdev check MD-EGW-004',
    'MD-EGW-004',
  ]),
  edge(
    'x509: certificate has expired or is not yet valid',
    /x509: certificate has expired or is not yet valid/,
    ['the certificate of the gateway is out of its time', 'meshdev up'],
  ),
  edge('remote error: tls: certificate required', /remote error: tls: certificate required/, [
    'the gateway wants a client certificate and the edge showed none',
    'meshdev check MD-EGW-005',
    'MD-EGW-005',
  ]),
  edge('remote error: tls: expired certificate', /remote error: tls: expired certificate/, [
    'the client certificate of the edge is out of its time',
    'meshdev up',
    'MD-EGW-005',
  ]),
  edge(
    'remote error: tls: unknown certificate authority',
    /remote error: tls: unknown certificate authority/,
    [
      'the gateway does not know the CA of the client certificate of the edge',
      'meshdev check MD-EGW-005',
      'MD-EGW-005',
    ],
  ),
  edge(
    'remote error: tls: unknown certificate',
    /remote error: tls: (?:unknown|bad|unsupported) certificate/,
    [
      'the gateway refuses the client certificate of the edge: another name or purpose',
      'meshdev check MD-EGW-005',
      'MD-EGW-005',
    ],
  ),
  edge(
    'remote error: tls: protocol version not supported',
    /remote error: tls: (?:protocol version not supported|handshake failure)/,
    ['edge and gateway have no TLS version or cipher in common', 'meshdev check MD-EGW-006', 'MD-EGW-006'],
  ),
  edge('first record does not look like a TLS handshake', /first record does not look like a TLS handshake/, [
    'the next component speaks plaintext where the edge speaks TLS',
    'meshdev up',
    'MD-EGW-002',
  ]),
  edge('connect: connection refused', /connection refused/, [
    'nobody listens at the next component',
    'meshdev status',
    'MD-WRK-001',
  ]),
  edge('no such host', /no such host|server misbehaving/, [
    'the name of the next component is not known',
    'meshdev status',
  ]),
  edge('connection reset by peer, EOF', /connection reset by peer|\bEOF$|broken pipe/, [
    'the gateway closed in the handshake: no filter chain for the SNI, or the client certificate refused',
    'meshdev check MD-EGW-005 MD-EGW-007',
    'MD-EGW-005',
    'MD-EGW-007',
  ]),
  edge('cannot rewind body after connection loss', /cannot rewind body after connection loss/, [
    'the gateway closed the connection under a request with a body: its listener was just changed',
    'meshdev check',
    'MD-GW-003',
  ]),
  edge('no upstreams available', /no upstreams available/, ['every upstream is down', 'meshdev status']),
  edge('i/o timeout', /i\/o timeout|context deadline exceeded|timeout awaiting response headers/, [
    'the next component was too slow',
    'meshdev status',
    'MD-WRK-001',
  ]),
  edge('context canceled', /context canceled/, ['the caller gave up first', "look at the caller's timeout"]),
  edge('no path', /^no path$/, [
    'the request names no path (`GET *`): the gateway would end the whole connection for it',
    'ask for a path',
  ]),
  signal('edge status', '421', /^(?:421(?: Misdirected Request)?|Misdirected Request)$/i, [
    'SNI and Host name different sites: the connection was used for another host',
    'open a new connection for that host',
    'MD-EDGE-010',
  ]),
  // Caddy hands on what a proxy behind it answers.
  signal('response body', 'RBAC: access denied', /^RBAC: access denied$/, [
    'the sidecar refused the request: no token, or no policy allows this user, method and path',
    'compare token and access matrix: meshdev token alice --decode; meshdev docs checks',
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
