/**
 * the viewer may read below `/anything/read/` and not go to `/anything/admin`.
 * - `denied`: the sidecar decides as for the plain path: no.
 * - `refused`: this component answers 400, and nobody behind it sees the path.
 * - `read`: it is a path below what the viewer may read, and the app sees exactly `uri`, as policy saw it.
 */
export type PathOutcome =
  | { readonly kind: 'denied' }
  | { readonly kind: 'refused'; readonly by: 'edge' | 'gateway' | 'app' }
  | { readonly kind: 'read'; readonly uri: string };

/** One spelling, sent as it is (Latin-1). `HOST` stands for the public authority. */
export interface PathCase {
  readonly id: string;
  readonly via: 'edge' | 'gateway';
  readonly path: string;
  readonly outcome: PathOutcome;
}

const DENIED = { kind: 'denied' } as const;
const BAD = { kind: 'refused', by: 'edge' } as const;
const read = (uri: string) => ({ kind: 'read', uri }) as const;

/** A spelling and what becomes of it at the edge; at the gateway too, where that is another thing. */
type Spelling = readonly [id: string, path: string, atEdge?: PathOutcome, atGateway?: PathOutcome];

const LETTERS: readonly Spelling[] = [
  ['plain', '/anything/admin'],
  ['plain-below', '/anything/admin/x'],
  ['hex-one', '/anything/%61dmin'],
  ['hex-lower', '/anything/%61%64%6d%69%6e'],
  ['hex-upper', '/anything/%61%64%6D%69%6E'],
  ['hex-first', '/%61nything/admin'],
  ['double-letter', '/anything/%2561dmin'],
  ['triple-letter', '/anything/%252561dmin'],
  ['double-slash-encoded', '/anything%252fadmin'],
  ['double-traversal', '/anything/read%252f..%252fadmin'],
  // Encoded twice is a name of its own: nobody decodes twice, so the app's file is below /anything/read/.
  ['double-dots', '/anything/read/%252e%252e/admin', read('/anything/read/%252e%252e/admin')],
  ['double-slash-dots', '/anything/read/..%252fadmin', read('/anything/read/..%252fadmin')],
  ['case-upper', '/anything/ADMIN'],
  ['case-title', '/anything/Admin'],
  ['case-first', '/ANYTHING/admin'],
];

const DOTS: readonly Spelling[] = [
  ['dots', '/anything/read/../admin'],
  ['dots-single', '/anything/read/./../admin'],
  ['dots-encoded', '/anything/read/%2e%2e/admin'],
  ['dots-encoded-upper', '/anything/read/%2E%2E/admin'],
  ['dots-half-first', '/anything/read/%2e./admin'],
  ['dots-half-second', '/anything/read/.%2e/admin'],
  ['dot-single', '/anything/./admin'],
  ['dot-single-encoded', '/anything/%2e/admin'],
  ['dots-three', '/anything/read/.../admin', read('/anything/read/.../admin')],
  ['dots-deep', '/anything/read/x/../../admin'],
  ['dots-deep-encoded', '/anything/read/x/%2e%2e/%2e%2e/admin'],
  ['dots-first', '/../anything/admin'],
  ['dots-first-encoded', '/%2e%2e/anything/admin'],
  ['dots-round', '/anything/read/../../anything/admin'],
  ['dots-last', '/anything/read/..'],
  ['dots-last-slash', '/anything/read/../'],
  ['dots-beyond-root', '/anything/read/../../../../..'],
];

const SLASHES: readonly Spelling[] = [
  ['slashes', '//anything//admin'],
  ['slashes-inner', '/anything//admin'],
  ['slashes-first', '///anything/admin'],
  ['slashes-dots', '/anything/read//../admin', read('/anything/read/admin')],
  ['slashes-dots-two', '/anything/read//../../admin'],
  ['slash-encoded', '/anything%2fadmin'],
  ['slash-encoded-upper', '/anything%2Fadmin'],
  ['slash-encoded-first', '/%2fanything%2fadmin'],
  ['slash-encoded-both', '/anything/read%2f..%2fadmin'],
  ['slash-encoded-after', '/anything/read/..%2fadmin'],
  ['slash-encoded-merged', '/anything/read/%2f%2e%2e/admin', read('/anything/read/admin')],
  ['slash-encoded-deep', '/anything/read/x%2f..%2f..%2fadmin'],
  ['slash-encoded-doubled', '/anything/%2fadmin'],
  ['slash-encoded-below', '/anything/admin%2fx'],
  ['slash-encoded-back', '/anything/admin/..%2fadmin'],
  ['backslash', '/anything\\admin'],
  ['backslash-both', '/anything/read\\..\\admin'],
  ['backslash-after', '/anything/read/..\\admin'],
  ['backslash-deep', '/anything/read/x\\..\\..\\admin'],
  ['backslash-encoded', '/anything%5cadmin'],
  ['backslash-encoded-upper', '/anything%5Cadmin'],
  ['backslash-encoded-both', '/anything/read%5c..%5cadmin'],
  ['backslash-encoded-after', '/anything/read/..%5cadmin'],
];

const PARAMETERS: readonly Spelling[] = [
  ['parameter', '/anything/admin;x=1'],
  ['parameter-dots', '/anything/read/..;/admin'],
  ['parameter-dots-value', '/anything/read/..;x=1/admin'],
  ['parameter-dots-encoded', '/anything/read/%2e%2e;/admin'],
  ['parameter-before', '/anything/read;/../admin'],
  ['parameter-alone', '/anything/;/admin'],
  ['parameter-first', '/anything;x/admin'],
  ['parameter-encoded', '/anything/read/%3b/../../admin'],
  // At the gateway a fragment is cut off; the edge hands it on as part of the path.
  ['fragment', '/anything/read#/../admin', DENIED, read('/anything/read')],
  ['fragment-below', '/anything/read/x#/../../admin', DENIED, read('/anything/read/x')],
  ['fragment-last', '/anything/admin#x'],
  ['fragment-encoded', '/anything/read/%23/../../admin'],
  ['query', '/anything/admin?x=/anything/read/y'],
  ['query-empty', '/anything/admin?'],
  ['query-dots', '/anything/read?/../admin', read('/anything/read?/../admin')],
  ['query-encoded', '/anything/admin%3f/anything/read'],
  ['query-encoded-dots', '/anything/read%3f/../admin'],
];

const APP_SAID_NO = { kind: 'refused', by: 'app' } as const;
const AT_GATEWAY = { kind: 'refused', by: 'gateway' } as const;

/** Bytes that are no dots or slashes to anybody here stay below /anything/read/, as they are. */
const UNICODE: readonly Spelling[] = [
  ['overlong-dots', '/anything/read/%c0%ae%c0%ae/admin', read('/anything/read/%c0%ae%c0%ae/admin')],
  ['overlong-slash', '/anything/read/..%c0%afadmin', read('/anything/read/..%c0%afadmin')],
  ['overlong-slash-three', '/anything/read/..%e0%80%afadmin', read('/anything/read/..%e0%80%afadmin')],
  ['overlong-backslash', '/anything/read/..%c1%9cadmin', read('/anything/read/..%c1%9cadmin')],
  ['fullwidth-slash', '/anything/read/..%ef%bc%8fadmin', read('/anything/read/..%ef%bc%8fadmin')],
  [
    'fullwidth-dots',
    '/anything/read/%ef%bc%8e%ef%bc%8e/admin',
    read('/anything/read/%ef%bc%8e%ef%bc%8e/admin'),
  ],
  ['fullwidth-letter', '/anything/%ef%bd%81dmin'],
  ['percent-u', '/anything/read/%u002e%u002e/admin', BAD, APP_SAID_NO],
  [
    'overlong-dots-raw',
    '/anything/read/\xc0\xae\xc0\xae/admin',
    read('/anything/read/%C0%AE%C0%AE/admin'),
    AT_GATEWAY,
  ],
  ['overlong-slash-raw', '/anything/read/..\xc0\xafadmin', read('/anything/read/..%C0%AFadmin'), AT_GATEWAY],
];

const ABSOLUTE: readonly Spelling[] = [
  ['absolute', 'https://HOST/anything/admin'],
  ['absolute-http', 'http://HOST/anything/admin'],
  ['absolute-dots', 'https://HOST/anything/read/../admin'],
  ['absolute-dots-encoded', 'https://HOST/anything/read/%2e%2e/admin'],
  ['absolute-slashes', 'https://HOST//anything/admin'],
  ['absolute-empty', 'https://HOST', BAD, DENIED],
];

const ENDS: readonly Spelling[] = [
  ['end-dot', '/anything/admin.'],
  ['end-slash', '/anything/admin/'],
  ['end-slashes', '/anything/admin//'],
  ['end-slash-dot', '/anything/admin/.'],
  ['end-slash-dot-encoded', '/anything/admin/%2e'],
  ['end-space-encoded', '/anything/admin%20'],
  ['end-tab-encoded', '/anything/admin%09'],
  ['end-lf-encoded', '/anything/admin%0a'],
  ['end-crlf-header', '/anything/admin%0d%0aX-A:b'],
  ['end-nul-encoded', '/anything/admin%00', AT_GATEWAY, AT_GATEWAY],
  ['end-space', '/anything/admin ', BAD, DENIED],
  ['end-tab', '/anything/admin\t', BAD, DENIED],
  ['end-nul', '/anything/admin\0', BAD, AT_GATEWAY],
  ['percent-alone', '/anything/admin%', BAD, DENIED],
  ['percent-half', '/anything/admin%2', BAD, DENIED],
  ['percent-no-hex', '/anything/admin%zz', BAD, DENIED],
  ['percent-dots', '/anything/read/%zz/../../admin', BAD, DENIED],
  ['percent-below', '/anything/read/%', BAD, APP_SAID_NO],
  ['no-slash', 'anything/admin', BAD, AT_GATEWAY],
];

function spelled(via: PathCase['via']): readonly PathCase[] {
  return [...LETTERS, ...DOTS, ...SLASHES, ...PARAMETERS, ...UNICODE, ...ABSOLUTE, ...ENDS].map(
    ([id, path, atEdge = DENIED, atGateway = atEdge]) => ({
      id: via === 'edge' ? id : `gateway-${id}`,
      via,
      path,
      outcome: via === 'edge' ? atEdge : atGateway,
    }),
  );
}

const BYTES = Array.from({ length: 256 }, (_each, byte) => byte.toString(16).padStart(2, '0').toUpperCase());

/** RFC 3986: these may be decoded at will, and the proxies do. */
const UNRESERVED = /^[A-Za-z0-9._~-]$/;

function asProxiesSpell(hex: string): string {
  const sign = String.fromCodePoint(Number.parseInt(hex, 16));
  return UNRESERVED.test(sign) ? sign : `%${hex}`;
}

/** Each of the 256 bytes as the name of something that the viewer may read. */
const NAMES: readonly PathCase[] = BYTES.map((hex) => ({
  id: `byte-${hex.toLowerCase()}`,
  via: 'edge',
  path: `/anything/read/%${hex}`,
  outcome: nameOutcome(hex),
}));

function nameOutcome(hex: string): PathOutcome {
  if (hex === '00') return AT_GATEWAY;
  // A dot, a slash and (by the WHATWG's rules) a backslash name the directory itself.
  return ['2E', '2F', '5C'].includes(hex)
    ? read('/anything/read/')
    : read(`/anything/read/${asProxiesSpell(hex)}`);
}

/** Each of the 256 bytes where a separator would lead out of what the viewer may read, straight at the gateway. */
const SEPARATORS: readonly PathCase[] = BYTES.map((hex) => ({
  id: `separator-${hex.toLowerCase()}`,
  via: 'gateway',
  path: `/anything/read/x%${hex}..%${hex}..%${hex}admin`,
  outcome: separatorOutcome(hex),
}));

function separatorOutcome(hex: string): PathOutcome {
  if (hex === '00') return AT_GATEWAY;
  const sign = asProxiesSpell(hex);
  return hex === '2F' || hex === '5C' ? DENIED : read(`/anything/read/x${sign}..${sign}..${sign}admin`);
}

/** Each was measured on the pinned Caddy and Envoy. */
export const PATH_CASES: readonly PathCase[] = [
  ...spelled('edge'),
  ...spelled('gateway'),
  ...NAMES,
  ...SEPARATORS,
];
