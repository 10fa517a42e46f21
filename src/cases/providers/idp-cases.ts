/** A request that the identity provider has to refuse, and how. */
export interface IdpCase {
  readonly id: string;
  readonly why: string;
  readonly expected: { readonly status: number; readonly error: string };
}

/** The client is known and its redirect is good: it is told there. */
const toldTheClient = <const Code extends string>(error: Code) => ({ status: 303, error }) as const;
const refused = <const Code extends string>(status: 400 | 401, error: Code) => ({ status, error }) as const;

/** Codes, PKCE, clients and secrets. */
export const CODE_CASES = [
  { id: 'used-code', why: 'a code for the second time', expected: refused(400, 'invalid_grant') },
  { id: 'wrong-verifier', why: 'a code with another PKCE verifier', expected: refused(400, 'invalid_grant') },
  {
    id: 'missing-verifier',
    why: 'a code without its PKCE verifier',
    expected: refused(400, 'invalid_grant'),
  },
  { id: 'other-redirect', why: 'a code with another redirect URI', expected: refused(400, 'invalid_grant') },
  { id: 'plain-challenge', why: 'PKCE with the method plain', expected: toldTheClient('invalid_request') },
  { id: 'missing-challenge', why: 'no PKCE', expected: toldTheClient('invalid_request') },
  { id: 'unknown-client', why: 'an unregistered client', expected: refused(400, 'invalid_client') },
  { id: 'unknown-client-code', why: 'the same, for a token', expected: refused(401, 'invalid_client') },
  {
    id: 'wrong-secret',
    why: 'the machine client with a wrong secret',
    expected: refused(401, 'invalid_client'),
  },
  { id: 'no-secret', why: 'the machine client without its secret', expected: refused(401, 'invalid_client') },
] as const satisfies readonly IdpCase[];

export type CodeCaseId = (typeof CODE_CASES)[number]['id'];

const NOT_REGISTERED = refused(400, 'invalid_redirect_uri');

/** The registered one is `http://127.0.0.1/callback`; any port of it is the same (RFC 8252 §7.3). */
export const REDIRECT_CASES = [
  { id: 'other-path', uri: 'http://127.0.0.1:1/other', why: 'another path', expected: NOT_REGISTERED },
  {
    id: 'longer-path',
    uri: 'http://127.0.0.1:1/callback/x',
    why: 'a path below it',
    expected: NOT_REGISTERED,
  },
  {
    id: 'trailing-slash',
    uri: 'http://127.0.0.1:1/callback/',
    why: 'a trailing slash',
    expected: NOT_REGISTERED,
  },
  { id: 'path-case', uri: 'http://127.0.0.1:1/Callback', why: 'another spelling', expected: NOT_REGISTERED },
  {
    id: 'dots',
    uri: 'http://127.0.0.1:1/x/../callback',
    why: 'the path with dot segments',
    expected: NOT_REGISTERED,
  },
  { id: 'query', uri: 'http://127.0.0.1:1/callback?x=1', why: 'a query added', expected: NOT_REGISTERED },
  { id: 'fragment', uri: 'http://127.0.0.1:1/callback#x', why: 'a fragment added', expected: NOT_REGISTERED },
  {
    id: 'userinfo',
    uri: 'http://user@127.0.0.1:1/callback',
    why: 'a user name added',
    expected: NOT_REGISTERED,
  },
  {
    id: 'userinfo-host',
    uri: 'http://127.0.0.1@evil.invalid/callback',
    why: 'the host as a user name',
    expected: NOT_REGISTERED,
  },
  {
    id: 'host-prefix',
    uri: 'http://127.0.0.1.evil.invalid/callback',
    why: 'the host as a prefix',
    expected: NOT_REGISTERED,
  },
  { id: 'other-host', uri: 'http://evil.invalid/callback', why: 'another host', expected: NOT_REGISTERED },
  {
    id: 'localhost',
    uri: 'http://localhost:1/callback',
    why: 'localhost instead of the address',
    expected: NOT_REGISTERED,
  },
  {
    id: 'other-scheme',
    uri: 'https://127.0.0.1:1/callback',
    why: 'another scheme',
    expected: NOT_REGISTERED,
  },
  { id: 'script', uri: 'javascript:alert(1)', why: 'a script', expected: NOT_REGISTERED },
] as const satisfies readonly (IdpCase & { readonly uri: string })[];

export type RedirectCaseId = (typeof REDIRECT_CASES)[number]['id'];
