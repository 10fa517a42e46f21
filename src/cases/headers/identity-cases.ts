import { type HeaderPattern, IDENTITY_PATTERNS, isMatch } from '../../edge/identity-headers.ts';
import { CLAIMED, type HeaderCase, type HeaderRow, headerCasesOf } from './header-case.ts';

/** Names that products write and read. None of them is in the rule as such. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  'named-roles': ['X-Roles', 'X-Groups', 'X-Role', 'Roles'],
  'named-userinfo': ['X-Userinfo', 'Sec-Istio-Auth-Userinfo', 'X-Endpoint-Api-Userinfo'],
  'named-forwarded': ['Forwarded-For', 'X-Forwarded', 'X-Forward-For', 'X-Forwarder-For'],
  'named-proxy': ['Proxy', 'Proxy-Client-Ip', 'Wl-Proxy-Client-Ip', 'X-Proxy-User'],
  'named-kubernetes': ['Impersonate-User', 'Impersonate-Group', 'X-Remote-Group', 'X-Remote-Extra-Scopes'],
  'named-kong': ['X-Consumer-Id', 'X-Consumer-Groups', 'X-Credential-Identifier', 'X-Anonymous-Consumer'],
  'named-clouds': [
    'X-Goog-Authenticated-User-Email',
    'X-Goog-Iap-Jwt-Assertion',
    'X-Amzn-Oidc-Identity',
    'X-Ms-Client-Principal',
    'Cf-Access-Authenticated-User-Email',
    'Cf-Access-Jwt-Assertion',
  ],
  'named-shibboleth': ['Eppn', 'Shib-Identity-Provider', 'X-Affiliation', 'Entitlement'],
  'named-meshes': ['L5d-Client-Id', 'X-Spiffe-Id', 'X-Linkerd-Meshed', 'X-Service-Account'],
  'named-tenants': ['X-Tenant-Id', 'X-Scope-Orgid', 'X-Organization-Id', 'X-Auth-Realm'],
  'named-tls': ['X-Ssl-Client-S-Dn', 'Ssl-Client-Verify', 'X-Tls-Client-Subject', 'X-Mtls-Peer'],
  'named-sessions': ['X-Auth-Token', 'X-Access-Token', 'X-Id-Token', 'Authn-User', 'Sudo'],
};

const ROWS: readonly HeaderRow[] = [
  ...Object.entries(NAMED).map(([id, names]): HeaderRow => [
    id,
    'header names of products',
    names.map(claim),
  ]),
  ...IDENTITY_PATTERNS.map((pattern): HeaderRow => [
    caseOf(pattern),
    `names of the form ${pattern}`,
    namesOf(pattern).map(claim),
  ]),
];

/** Whatever looks like identity: names that are in use, and made-up ones for every pattern of the rule. */
export const IDENTITY_CASES: readonly HeaderCase[] = headerCasesOf('MD-HDR-010', ROWS);

function claim(name: string): string {
  return `${name}: ${CLAIMED}`;
}

function caseOf(pattern: HeaderPattern): string {
  return `like-${coreOf(pattern).replace(/^-/, 'x-').replace(/-$/, '-x')}`;
}

/** Made-up names that only this pattern is about: alone, at the end, at the beginning, within. */
export function namesOf(pattern: HeaderPattern): readonly string[] {
  const core = coreOf(pattern).replaceAll(/^-|-$/g, '');
  return [core, `Own-${core}`, `${core}-Value`, `Own-${core}-Value`].filter((name) =>
    isMatch(name.toLowerCase(), pattern),
  );
}

function coreOf(pattern: HeaderPattern): string {
  return pattern.replaceAll('*', '');
}
