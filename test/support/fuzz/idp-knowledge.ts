import fc from 'fast-check';
import type { Knowledge } from './http-arbitrary.ts';
import type { Fill } from './shot.ts';

/** Every route of the identity provider; a test holds the discovery document against it. */
export const IDP_ROUTES = [
  '/',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/auth',
  '/auth/@uid@',
  '/device',
  '/device/@uid@',
  '/device/auth',
  '/healthz',
  '/interaction/@uid@',
  '/jwks',
  '/me',
  '/rehearsal/jwks',
  '/request',
  '/session/end',
  '/session/end/confirm',
  '/session/end/success',
  '/token',
  '/token/revocation',
] as const;

/** What a browser has that began logins and opened the device page. */
export interface IdpState {
  /** Id of an interaction and the cookies that go with it, session included. */
  readonly interactions: readonly { readonly uid: string; readonly cookie: string }[];
  /** Form secret of the device page and the cookies that go with it. */
  readonly devices: readonly { readonly xsrf: string; readonly cookie: string }[];
  readonly userCodes: readonly string[];
  readonly deviceCodes: readonly string[];
}

/** How many of each a state has. */
export const STATE_SIZE = 4;

/**
 * Puts the state's values where a shot names them: `@uid@` and `@cookie@` are those of one interaction in
 * the same shot, `@uid1@` those of another.
 */
export function fillFrom(state: () => IdpState): Fill {
  return (text) =>
    text.replaceAll(/@(\w+?)(\d*)@/g, (whole, name: string, digits: string) => {
      const at = Number(digits) % STATE_SIZE;
      const { interactions, devices, userCodes, deviceCodes } = state();
      const values: Readonly<Record<string, string | undefined>> = {
        uid: interactions[at]?.uid,
        cookie: interactions[at]?.cookie,
        xsrf: devices[at]?.xsrf,
        session: devices[at]?.cookie,
        usercode: userCodes[at],
        devicecode: deviceCodes[at],
      };
      return values[name] ?? whole;
    });
}

/** @param passwords those of the sample users: what lies behind a login is tried too */
export function idpKnowledge(host: string, client: string, passwords: readonly string[]): Knowledge {
  const callback = 'http://127.0.0.1:4711/callback';
  return {
    host,
    paths: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...IDP_ROUTES) },
      { weight: 2, arbitrary: fc.constantFrom('/interaction/@uid@', '/interaction/@uid1@', '/auth/@uid@') },
      {
        weight: 2,
        arbitrary: fc.constant(
          `/auth?client_id=${client}&redirect_uri=${callback}&response_type=code&scope=openid&code_challenge_method=S256&code_challenge=${'E'.repeat(43)}&x=`,
        ),
      },
      { weight: 1, arbitrary: fc.webPath() },
    ),
    cookies: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('@cookie@', '@cookie1@', '@session@', '@session1@') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '_session=x',
          '_interaction=x; _interaction.sig=y',
          '_device=a.b',
          '@cookie@; @session@',
          '=;=;',
        ),
      },
    ),
    forms: Array.from({ length: STATE_SIZE }, (_, at) => at).flatMap((at) => [
      { path: `/interaction/@uid${at}@`, cookie: `@cookie${at}@`, fields: 'username=alice&password=wrong' },
      { path: `/device`, cookie: `@session${at}@`, fields: `xsrf=@xsrf${at}@&user_code=@usercode${at}@` },
      { path: '/token', cookie: '', fields: `client_id=${client}&grant_type=authorization_code` },
      { path: '/device/auth', cookie: '', fields: `client_id=${client}` },
    ]),
    fields: {
      action: ['login', 'cancel'],
      username: ['alice', 'bob', 'eve', 'nobody'],
      password: ['wrong', ...passwords],
      client_id: [client, 'meshdev-ci', 'stranger'],
      client_secret: ['x'],
      redirect_uri: [callback, 'http://127.0.0.1/callback', 'https://evil.invalid/', 'javascript:1'],
      response_type: ['code', 'token', 'none', 'code id_token'],
      response_mode: ['query', 'fragment', 'form_post', 'web_message', 'jwt'],
      scope: ['openid', 'openid offline_access api', 'nothing'],
      state: ['a-state'],
      nonce: ['a-nonce'],
      prompt: ['none', 'login', 'consent', 'none login', 'select_account'],
      max_age: ['0', '-1', '1e9', 'x'],
      claims: ['{}', '{"id_token":{"sub":{"essential":true}}}', '[]', '{"userinfo":1}'],
      acr_values: ['0'],
      login_hint: ['alice'],
      ui_locales: ['de'],
      resource: ['https://httpbin.mesh.localhost', 'urn:x', 'x'],
      request: ['eyJhbGciOiJub25lIn0.e30.', 'x'],
      request_uri: ['urn:ietf:params:oauth:request_uri:x', 'https://evil.invalid/'],
      code_challenge: ['E'.repeat(43), 'x'],
      code_challenge_method: ['S256', 'plain'],
      grant_type: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:device_code',
        'password',
      ],
      code: ['x'],
      code_verifier: ['v'.repeat(43)],
      refresh_token: ['x'],
      device_code: ['@devicecode@', '@devicecode1@', 'x'],
      user_code: ['@usercode@', '@usercode1@', 'AAAA-BBBB'],
      xsrf: ['@xsrf@', '@xsrf1@', 'x'],
      confirm: ['yes'],
      abort: ['yes'],
      logout: ['yes'],
      token: ['x', 'eyJhbGciOiJub25lIn0.e30.'],
      token_type_hint: ['access_token', 'refresh_token', 'x'],
      id_token_hint: ['x', 'eyJhbGciOiJub25lIn0.e30.'],
      post_logout_redirect_uri: [callback, 'https://evil.invalid/'],
      assertion: ['x'],
      client_assertion: ['x', 'eyJhbGciOiJub25lIn0.e30.'],
      client_assertion_type: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    },
  };
}
