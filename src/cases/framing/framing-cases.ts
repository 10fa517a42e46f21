import { BODY_ROWS } from './framing-bodies.ts';
import {
  CUT,
  type FramingCase,
  type FramingRow,
  judged,
  refused,
  RESET,
  RESET_MIDWAY,
} from './framing-case.ts';

const POST = 'POST /anything/admin';
const GET = 'GET /headers';
const HELLO = 'hello';

const LINES: readonly FramingRow[] = [
  ['head-bare-lf', 'LF alone ends lines: one request', judged(0), { line: GET, newline: '\n' }],
  [
    'head-bare-cr',
    'CR within a line',
    refused(400),
    { line: GET, raw: ['X-Harmless: a\rHost: forged.example.test'] },
  ],
  [
    'upgrade-h2c',
    'an upgrade to HTTP/2 without TLS',
    refused(502),
    {
      line: GET,
      raw: [
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
      ],
    },
  ],
  ['http-0.9', 'no version', refused(400), { line: GET, version: '' }],
  ['version-more', 'words after the version', refused(400), { line: GET, version: 'HTTP/1.1 x' }],
  [
    'target-asterisk',
    'no path: the gateway would close the shared connection',
    refused(400),
    { line: 'GET *' },
  ],
];

const HOSTS: readonly FramingRow[] = [
  [
    'host-two',
    'two hosts',
    refused(400),
    {
      line: GET,
      lines: [
        ['Host', 'HOST'],
        ['Host', 'forged.example.test'],
      ],
    },
  ],
  [
    'host-twice',
    'one host given twice',
    refused(400),
    {
      line: GET,
      lines: [
        ['Host', 'HOST'],
        ['Host', 'HOST'],
      ],
    },
  ],
  ['host-none', 'no host', refused(400), { line: GET, lines: [['X-Host', 'none']] }],
  ['host-empty', 'an empty host', refused(400), { line: GET, lines: [['Host', '']] }],
  [
    'host-list',
    'a list of hosts',
    refused(400),
    { line: GET, lines: [['Host', 'HOST, forged.example.test']] },
  ],
  [
    'host-userinfo',
    'user information before the host',
    refused(400),
    { line: GET, lines: [['Host', 'forged@HOST']] },
  ],
  ['host-path', 'a path after the host', refused(400), { line: GET, lines: [['Host', 'HOST/x']] }],
  [
    'host-space',
    'a space before the colon',
    refused(400),
    { line: GET, raw: ['Host : HOST'], lines: [['X-Host', 'none']] },
  ],
  [
    'host-folded',
    'a first line that begins with a space',
    refused(400),
    {
      line: GET,
      lines: [
        [' Host', 'forged.example.test'],
        ['Host', 'HOST'],
      ],
    },
  ],
  ['absolute-same', 'an absolute URL as target', judged(0), { line: 'GET https://HOST/headers' }],
  [
    'absolute-wins',
    'an absolute URL and another Host: the URL applies (RFC 9112), also at the app',
    judged(0),
    { line: 'GET https://HOST/headers', lines: [['Host', 'forged.example.test']] },
  ],
  [
    'absolute-forged',
    'the URL of another site',
    refused(421),
    { line: 'GET https://forged.example.test/headers' },
  ],
];

const H2 = { protocol: 'h2' } as const;
const HTTP2: readonly FramingRow[] = [
  [
    'h2-host-same',
    'Host and :authority, the same',
    judged(0),
    {
      ...H2,
      line: GET,
      lines: [
        [':authority', 'HOST'],
        ['host', 'HOST'],
      ],
    },
  ],
  [
    'h2-host-differs',
    'Host and :authority, different',
    RESET,
    {
      ...H2,
      line: GET,
      lines: [
        [':authority', 'HOST'],
        ['host', 'forged.example.test'],
      ],
    },
  ],
  [
    'h2-authority-differs',
    ':authority of another host, Host of the lab',
    RESET,
    {
      ...H2,
      line: GET,
      lines: [
        [':authority', 'forged.example.test'],
        ['host', 'HOST'],
      ],
    },
  ],
  [
    'h2-authority-user',
    'user information in :authority',
    RESET,
    { ...H2, line: GET, lines: [[':authority', 'forged@HOST']] },
  ],
  [
    'h2-length-short',
    'more data than the length',
    RESET_MIDWAY,
    {
      ...H2,
      lines: [
        [':authority', 'HOST'],
        ['content-length', '2'],
      ],
      body: HELLO,
    },
  ],
  [
    'h2-length-long',
    'less data than the length',
    CUT,
    {
      ...H2,
      lines: [
        [':authority', 'HOST'],
        ['content-length', '50'],
      ],
      body: HELLO,
    },
  ],
  [
    'h2-length-right',
    'exactly the data of the length',
    judged(0, HELLO),
    {
      ...H2,
      lines: [
        [':authority', 'HOST'],
        ['content-length', '5'],
      ],
      body: HELLO,
    },
  ],
];

/** Each was measured on the pinned Caddy. */
export const FRAMING_CASES: readonly FramingCase[] = [...BODY_ROWS, ...LINES, ...HOSTS, ...HTTP2].map(
  ([id, why, outcome, request]) => ({
    id,
    why,
    outcome,
    protocol: 'http/1.1',
    line: POST,
    lines: [],
    ...request,
  }),
);
