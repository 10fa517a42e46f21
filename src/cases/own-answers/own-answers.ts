import { goRefuses, HANDSHAKE, type OwnAnswer, overHttp2, refusesHandshake } from './own-answer.ts';

const FORGED = 'forged.example.test';
const CADDY_400 = { kind: 'status', status: 400, body: '400 Bad Request' } as const;
const MISDIRECTED = { kind: 'status', status: 421, body: '421 Misdirected Request' } as const;

/** Go's server refuses these while it reads them. */
const PARSER: readonly OwnAnswer[] = [
  goRefuses('no-request', 'no request line', 'hello there\nHost: HOST\nAGENT\n\n', 400, '400 Bad Request'),
  goRefuses(
    'no-host',
    'HTTP/1.1 without Host',
    'GET / HTTP/1.1\nAGENT\n\n',
    400,
    '400 Bad Request: missing required Host header',
  ),
  goRefuses(
    'bad-escape',
    'an incomplete escape in the path',
    'GET /a%zz HTTP/1.1\nHost: HOST\nAGENT\n\n',
    400,
    '400 Bad Request',
  ),
  goRefuses(
    'version',
    'an unknown version',
    'GET / HTTP/3.0\nHost: HOST\nAGENT\n\n',
    505,
    '505 HTTP Version Not Supported: unsupported protocol version',
  ),
  goRefuses(
    'headers-too-large',
    'more than 1 MiB of header lines',
    'GET / HTTP/1.1\nHost: HOST\nAGENT\nX-A: LARGE\n\n',
    431,
    '431 Request Header Fields Too Large',
  ),
  goRefuses(
    'target-too-long',
    'more than 1 MiB of target',
    'GET /?LARGE HTTP/1.1\nHost: HOST\nAGENT\n\n',
    431,
    '431 Request Header Fields Too Large',
  ),
  goRefuses(
    'encoding',
    'an unknown transfer encoding',
    'POST / HTTP/1.1\nHost: HOST\nAGENT\nTransfer-Encoding: x\n\n',
    501,
    'Unsupported transfer encoding',
  ),
  goRefuses(
    'expectation',
    'an unknown expectation',
    'GET / HTTP/1.1\nHost: HOST\nAGENT\nExpect: x\n\n',
    417,
    '',
  ),
];

const SERVER_ITSELF =
  'the Go server answers `OPTIONS *` before any handler of Caddy, and Caddy has no setting for that';

/** About the server as a whole: no site, no policy and no component behind the edge has to do with it. */
const OPTIONS: readonly OwnAnswer[] = [
  {
    ...goRefuses('options', '`OPTIONS *`', 'OPTIONS * HTTP/1.1\nHost: HOST\nAGENT\n\n', 200, ''),
    record: SERVER_ITSELF,
  },
  {
    ...goRefuses(
      'options-host',
      '`OPTIONS *` with an unknown Host',
      `OPTIONS * HTTP/1.1\nHost: ${FORGED}\nAGENT\n\n`,
      200,
      '',
    ),
    record: SERVER_ITSELF,
  },
  {
    ...overHttp2('options-h2', '`OPTIONS *` over HTTP/2', 'OPTIONS *', {
      kind: 'status',
      status: 200,
      body: '',
    }),
    record: SERVER_ITSELF,
  },
];

/** Before there is a request. */
const CONNECTIONS: readonly OwnAnswer[] = [
  {
    id: 'plain-http',
    why: 'HTTP without TLS',
    send: { kind: 'plain', text: 'GET / HTTP/1.1\nHost: HOST\n\n' },
    answer: {
      kind: 'bytes',
      text: 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n',
    },
    record: HANDSHAKE,
  },
  {
    id: 'plain-other',
    why: 'another method without TLS',
    send: { kind: 'plain', text: 'DELETE / HTTP/1.1\nHost: HOST\n\n' },
    answer: { kind: 'closed' },
    record: HANDSHAKE,
  },
  {
    id: 'no-tls',
    why: 'bytes that are neither TLS nor HTTP',
    send: { kind: 'plain', text: '\0\0\0 hello hello' },
    answer: { kind: 'closed' },
    record: HANDSHAKE,
  },
  refusesHandshake('tls-too-old', 'TLS 1.2', { maxVersion: 'TLSv1.2' }, 'protocol_version'),
  refusesHandshake(
    'name-unserved',
    'an unknown server name',
    { servername: 'unserved.ZONE' },
    'internal_error',
  ),
  refusesHandshake('alpn-unknown', 'an unknown protocol', { alpn: ['spdy/3'] }, 'no_application_protocol'),
  refusesHandshake(
    'alpn-acme',
    'an ACME challenge, which Caddy always offers',
    { alpn: ['acme-tls/1'] },
    'internal_error',
  ),
];

/** Caddy's own answers, by what the rendered configuration says. */
const SITES: readonly OwnAnswer[] = [
  {
    ...goRefuses('no-path', 'a request for `*`', 'GET * HTTP/1.1\nHost: HOST\nAGENT\n\n', 400, ''),
    answer: CADDY_400,
    record: true,
  },
  { ...overHttp2('no-path-h2', 'a request for `*` over HTTP/2', 'GET *', CADDY_400), record: true },
  {
    ...goRefuses('connect', 'a tunnel request', 'CONNECT HOST HTTP/1.1\nHost: HOST\nAGENT\n\n', 400, ''),
    answer: CADDY_400,
    record: true,
  },
  {
    ...goRefuses('host-unknown', 'an unknown Host', `GET / HTTP/1.1\nHost: ${FORGED}\nAGENT\n\n`, 421, ''),
    answer: MISDIRECTED,
    record: true,
  },
  {
    ...goRefuses(
      'connect-elsewhere',
      'a tunnel to another host',
      `CONNECT ${FORGED}:443 HTTP/1.1\nHost: ${FORGED}:443\nAGENT\n\n`,
      421,
      '',
    ),
    answer: MISDIRECTED,
    record: true,
  },
  {
    ...goRefuses('http-1.0', 'HTTP/1.0 without Host', 'GET / HTTP/1.0\nAGENT\n\n', 421, ''),
    answer: MISDIRECTED,
    record: true,
  },
  {
    ...goRefuses(
      'second-spelling',
      'a path with a second spelling',
      'GET /a/%252e HTTP/1.1\nHost: HOST\nAGENT\n\n',
      400,
      '',
    ),
    answer: CADDY_400,
    record: true,
    strictOnly: true,
  },
];

/** Bodies that turn out wrong after their head went on: the app never has the whole request (MD-HDR-007). */
const BODIES: readonly OwnAnswer[] = [
  {
    ...goRefuses(
      'chunk-malformed',
      'a chunk whose length is not a number',
      'POST /anything/admin HTTP/1.1\nHost: HOST\nAGENT\nTOKEN\nTransfer-Encoding: chunked\n\nzz\nhello\n0\n\n',
      400,
      '',
    ),
    answer: CADDY_400,
    record: true,
    begun: true,
  },
  {
    ...overHttp2('length-too-long', 'less data than the Content-Length', 'POST /anything/admin', CADDY_400, {
      length: '50',
      body: 'hello',
    }),
    record: true,
    begun: true,
  },
  {
    ...overHttp2(
      'length-too-short',
      'more data than the Content-Length',
      'POST /anything/admin',
      { kind: 'stream-reset' },
      {
        length: '2',
        body: 'hello',
      },
    ),
    record: true,
    begun: true,
  },
];

/** Everything that the edge answers by itself, measured on the pinned Caddy. docs/checks.md shows it. */
export const OWN_ANSWERS: readonly OwnAnswer[] = [...PARSER, ...OPTIONS, ...CONNECTIONS, ...SITES, ...BODIES];
