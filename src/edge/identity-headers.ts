/*
 * Which header names look like identity. A list of the names that proxies write would never end, so the
 * decision is made by the words in a name. Both the edge's configuration and the checks follow from it.
 */

/** What a name has to be for the rule to take it off: Caddy's own notation, `*` at the beginning, the end, or both. */
export type HeaderPattern = string;

/** By what a receiver would believe. Each word alone makes a name look like identity. */
export const IDENTITY_WORDS = {
  /** Who somebody is. */
  person: [
    'user',
    'email',
    'identity',
    'nameid',
    'principal',
    'subject',
    'account',
    'login',
    'logon',
    'logname',
    'eppn',
    'employee',
    'caller',
    'consumer',
    'client-id',
    'clientid',
  ],
  /** What somebody may do, and for whom. */
  right: [
    'role',
    'group',
    'claim',
    'scope',
    'permission',
    'privilege',
    'entitlement',
    'affiliation',
    'admin',
    'tenant',
    'orgid',
    'org-id',
    'organization',
    'organisation',
    'realm',
    'issuer',
    'impersonat',
    'delegat',
    'behalf',
    'run-as',
    'act-as',
    'sudo',
  ],
  /** That somebody else has verified a credential. */
  proof: [
    'jwt',
    'token',
    'oidc',
    'oauth',
    'openid',
    'saml',
    'kerberos',
    'ldap',
    'shib',
    'webauth',
    'credential',
    'authn',
    'authz',
    'authenticat',
    '-auth',
    'auth-',
    '-sso',
    'sso-',
  ],
  /** A certificate that somebody else has seen. */
  certificate: ['cert', 'x509', 'mtls', '-tls', 'tls-', '-ssl', 'ssl-', 'spiffe'],
  /** Where a request came from, and by which public name. */
  origin: [
    'forwarded',
    'forward-for',
    'forwarder',
    'remote',
    'originating',
    'proxy',
    'realip',
    'clientip',
    'ip-addr',
    'ipaddr',
  ],
  /** What proxies of a mesh tell each other. */
  mesh: ['envoy', 'istio', 'linkerd', 'l5d-', 'meshdev'],
} as const;

/** Words that are identity at one end of a name only. */
const ENDS: readonly HeaderPattern[] = [
  '*-ip',
  '*-addr',
  '*-host',
  '*-proto',
  '*-https',
  '*-dn',
  '*-uid',
  '*-upn',
  '*-sub',
  'auth',
  'uid',
];

/** Every pattern that the edge takes off a client's request. */
export const IDENTITY_PATTERNS: readonly HeaderPattern[] = [
  ...Object.values(IDENTITY_WORDS).flatMap((words) => words.map((word) => `*${word}*`)),
  ...ENDS,
];

/**
 * Names with such a word that say nothing about who asks: what a browser or a library is, tokens against
 * forged forms, and the lock of WebDAV. They pass. `Authorization` and `Cookie` match no pattern.
 */
export const PASSING_HEADERS = [
  'User-Agent',
  'X-User-Agent',
  'Sec-Fetch-User',
  'X-Csrf-Token',
  'Csrf-Token',
  'X-Csrftoken',
  'X-Xsrf-Token',
  'Xsrf-Token',
  'Lock-Token',
] as const;

const PASSING: ReadonlySet<string> = new Set(PASSING_HEADERS.map((name) => name.toLowerCase()));

/**
 * Whether a client's header of this name ends at the edge unless a service trusts it. Letter case does not
 * matter; `_` and `.` count as `-`, as servers that fold names read them.
 */
export function looksLikeIdentity(name: string): boolean {
  const folded = name.toLowerCase().replaceAll(/[_.]/g, '-');
  return !PASSING.has(folded) && IDENTITY_PATTERNS.some((pattern) => isMatch(folded, pattern));
}

/** As Caddy matches the names that it deletes. */
export function isMatch(name: string, pattern: HeaderPattern): boolean {
  const word = pattern.replaceAll('*', '');
  if (pattern.startsWith('*') && pattern.endsWith('*')) return name.includes(word);
  if (pattern.startsWith('*')) return name.endsWith(word);
  return pattern.endsWith('*') ? name.startsWith(word) : name === word;
}

/**
 * Written by the chain itself, whatever a client says: trusting a client with one of them would make
 * every check of that header meaningless.
 */
const CHAINS_OWN: readonly HeaderPattern[] = [
  'host',
  'connection',
  'x-forwarded-client-cert',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-request-id',
  'x-envoy-*',
  'x-istio-*',
  'x-meshdev-*',
];

/** Why a service cannot trust its client with this header; undefined where it can. */
export function untrustable(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name))
    return 'must be a header name of letters, digits and "-": the edge drops names with "_" or "."';
  return CHAINS_OWN.some((pattern) => isMatch(name.toLowerCase(), pattern))
    ? 'must not be a header that the chain itself sets'
    : undefined;
}
