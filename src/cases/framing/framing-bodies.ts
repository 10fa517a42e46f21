import { CUT, type FramingRow, judged, refused } from './framing-case.ts';

const GET = 'GET /headers';
const HELLO = 'hello';
const LAST_CHUNK = '0\r\n\r\nHIDDEN';
const CHUNKED = ['Transfer-Encoding', 'chunked'] as const;

const LENGTHS: readonly FramingRow[] = [
  [
    'length-twice-differing',
    'two lengths',
    refused(400),
    {
      lines: [
        ['Content-Length', '0'],
        ['Content-Length', '5'],
      ],
      body: HELLO,
    },
  ],
  [
    'length-twice-same',
    'one length given twice',
    judged(0, HELLO),
    {
      lines: [
        ['Content-Length', '5'],
        ['Content-Length', '5'],
      ],
      body: HELLO,
    },
  ],
  ['length-list', 'a list of lengths', refused(400), { lines: [['Content-Length', '5, 5']], body: HELLO }],
  ['length-plus', 'a length with a sign', refused(400), { lines: [['Content-Length', '+5']], body: HELLO }],
  ['length-negative', 'a negative length', refused(400), { lines: [['Content-Length', '-5']], body: HELLO }],
  ['length-hex', 'a length in hex', refused(400), { lines: [['Content-Length', '0x5']], body: HELLO }],
  ['length-space', 'a space before the colon', refused(400), { raw: ['Content-Length : 5'], body: HELLO }],
  [
    'get-with-body',
    'a body where none is expected',
    judged(0),
    { line: GET, lines: [['Content-Length', 'LENGTH']], body: 'HIDDEN' },
  ],
  ['pipelined', 'two requests in one packet: two requests', judged(1), { line: GET, body: 'HIDDEN' }],
  [
    'pipelined-after-body',
    'a request after the body of another',
    judged(1, HELLO),
    { lines: [['Content-Length', '5']], body: `${HELLO}HIDDEN` },
  ],
];

const ENCODINGS: readonly FramingRow[] = [
  [
    'length-and-chunks',
    'both framings: the chunks apply, and the rest is a request of its own that all components evaluate',
    judged(1, ''),
    { lines: [['Content-Length', 'LENGTH'], CHUNKED], body: LAST_CHUNK },
  ],
  [
    'chunks-and-length',
    'both framings, the length too short: the chunks apply, and the body remains a body',
    judged(0, 'hello, GET /'),
    { lines: [CHUNKED, ['Content-Length', '4']], body: 'c\r\nhello, GET /\r\n0\r\n\r\n' },
  ],
  [
    'encoding-unknown',
    'an unknown encoding',
    refused(501),
    { lines: [['Transfer-Encoding', 'xchunked']], body: LAST_CHUNK },
  ],
  [
    'encoding-twice',
    'two encodings',
    refused(501),
    { lines: [CHUNKED, ['Transfer-Encoding', 'identity']], body: LAST_CHUNK },
  ],
  [
    'encoding-list',
    'a list of encodings',
    refused(501),
    { lines: [['Transfer-Encoding', 'gzip, chunked']], body: LAST_CHUNK },
  ],
  [
    'encoding-space',
    'a space before the colon',
    refused(400),
    { raw: ['Transfer-Encoding : chunked'], body: LAST_CHUNK },
  ],
  [
    'encoding-vertical-tab',
    'a control character before the value',
    refused(400),
    { lines: [['Transfer-Encoding', '\x0bchunked']], body: LAST_CHUNK },
  ],
  [
    'encoding-case',
    'other letter case: still chunks',
    judged(0, HELLO),
    { lines: [['Transfer-Encoding', 'cHuNkEd']], body: '5\r\nhello\r\n0\r\n\r\n' },
  ],
  [
    'encoding-folded',
    'the value on a line of its own: still chunks, and all components evaluate the rest',
    judged(1, ''),
    { raw: ['Transfer-Encoding:', ' chunked'], body: LAST_CHUNK },
  ],
  [
    'encoding-http-1.0',
    'chunks in HTTP/1.0, which has none: the rest is never read',
    judged(0, ''),
    { version: 'HTTP/1.0', lines: [CHUNKED], body: LAST_CHUNK },
  ],
];

const CHUNKS: readonly FramingRow[] = [
  ['chunk-hex-prefix', 'a size with 0x', CUT, { lines: [CHUNKED], body: '0x5\r\nhello\r\n0\r\n\r\n' }],
  ['chunk-bare-lf', 'line ends without CR', CUT, { lines: [CHUNKED], body: '5\nhello\n0\n\n' }],
  [
    'chunk-extension-lf',
    'a bare LF in an extension',
    CUT,
    { lines: [CHUNKED], body: '5;a\nb\r\nhello\r\n0\r\n\r\n' },
  ],
  [
    'chunk-extension',
    'an extension: allowed and removed',
    judged(0, HELLO),
    { lines: [CHUNKED], body: '5;a=b\r\nhello\r\n0\r\n\r\n' },
  ],
  [
    'chunk-huge',
    'a size above the range of numbers',
    CUT,
    { lines: [CHUNKED], body: 'FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n' },
  ],
  ['chunk-negative', 'a negative size', CUT, { lines: [CHUNKED], body: '-5\r\nhello\r\n0\r\n\r\n' }],
  [
    'chunk-trailer',
    'an identity header as trailer: removed',
    judged(0, HELLO),
    { lines: [CHUNKED], body: '5\r\nhello\r\n0\r\nX-Forwarded-Client-Cert: forged\r\n\r\n' },
  ],
];

/** Where a body ends. */
export const BODY_ROWS: readonly FramingRow[] = [...LENGTHS, ...ENCODINGS, ...CHUNKS];
