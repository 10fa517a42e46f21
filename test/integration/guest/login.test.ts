import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgeRequest } from '../../../src/edge/edge-request.ts';
import { clientCredentials, login } from '../../../src/idp/client/login.ts';
import { discover } from '../../../src/idp/client/oidc-client.ts';
import { playLogin } from '../../../src/idp/client/play-login.ts';
import { verifyAccessToken } from '../../../src/idp/client/verify-access-token.ts';
import { IdpBehindTls, MACHINE_SECRET, PASSWORDS } from './support/idp-behind-tls.ts';

let running: IdpBehindTls;

beforeAll(async () => {
  running = await IdpBehindTls.start();
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
});

const as = (user: keyof typeof PASSWORDS): { user: string; password: string } => ({
  user,
  password: PASSWORDS[user],
});

describe('login', () => {
  it.each([
    ['alice', ['admin']],
    ['bob', ['viewer']],
    ['eve', []],
  ] as const)('gives %s a verified token with roles %j', async (user, roles) => {
    const { lab } = running;
    const tokens = await login(running.access, as(user));
    expect(tokens.access).toMatchObject({
      sub: user,
      roles,
      iss: lab.issuer,
      aud: [lab.audience],
      clientId: lab.clients.cli,
      scope: 'api',
      alg: 'ES256',
    });
    expect(tokens.access.exp - tokens.access.iat).toBe(3600);
    expect(decodeJwt(tokens.idToken ?? '')).toMatchObject({ sub: user, aud: lab.clients.cli, roles });
    expect(tokens.refreshToken).toBeUndefined();
  });

  it('brings a refresh token with offline_access, which rotates and is refused once used', async () => {
    const tokens = await login(running.access, as('alice'), { scope: 'openid offline_access api' });
    const { config } = await discover(running.access, { id: running.lab.clients.cli });
    const fresh = await oidc.refreshTokenGrant(config, tokens.refreshToken ?? '');
    expect(fresh.refresh_token).not.toBe(tokens.refreshToken);
    const { jwks_uri: keys } = config.serverMetadata();
    await expect(verifyAccessToken(running.access, keys, fresh.access_token)).resolves.toMatchObject({
      sub: 'alice',
      roles: ['admin'],
    });
    await expect(oidc.refreshTokenGrant(config, tokens.refreshToken ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('refuses a wrong password and an unknown user with the same words', async () => {
    for (const user of ['alice', 'mallory']) {
      await expect(login(running.access, { user, password: 'not-the-password' })).rejects.toMatchObject({
        code: 'TOKEN_REFUSED',
        message: expect.stringMatching(/answered 422: The user name or the password is not right/),
      });
    }
  });

  it('adds openid to the scopes, and grants no scope that the API does not have', async () => {
    const { access, idToken } = await login(running.access, as('alice'), { scope: 'api everything' });
    expect(access.scope).toBe('api');
    expect(decodeJwt(idToken ?? '')).not.toHaveProperty('roles');
  });

  it('says what the provider said about a client it does not know', async () => {
    const { lab } = running;
    const access = { ...running.access, lab: { ...lab, clients: { ...lab.clients, cli: 'stranger' } } };
    await expect(login(access, as('alice'))).rejects.toMatchObject({
      code: 'TOKEN_REFUSED',
      message: expect.stringMatching(/signing in as alice: https:.*\/auth answered 400: .*invalid_client/),
    });
  });

  it('is LAB_NOT_UP when nobody listens, INTERRUPTED when stopped', async () => {
    const lab = { ...running.lab, httpsPort: 1 };
    await expect(login({ ...running.access, lab }, as('alice'))).rejects.toMatchObject({
      code: 'LAB_NOT_UP',
    });
    const stopped = { ...running.access, signal: AbortSignal.abort() };
    await expect(login(stopped, as('alice'))).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('does not talk to an edge with a certificate of another root', async () => {
    using other = new (await import('./support/openssl.ts')).OpensslAuthority('another root');
    const access = { ...running.access, edgeRootPem: other.root.cert };
    await expect(login(access, as('alice'))).rejects.toMatchObject({
      code: 'TOKEN_REFUSED',
      message: expect.stringMatching(/unable to (verify|get)/),
    });
  });
});

describe('client credentials', () => {
  it('gives the machine client a token of its own, without roles', async () => {
    const { access } = await clientCredentials(running.access, MACHINE_SECRET);
    const { machine } = running.lab.clients;
    expect(access).toMatchObject({ sub: machine, clientId: machine, roles: [], aud: [running.lab.audience] });
  });

  it('refuses a wrong secret', async () => {
    await expect(clientCredentials(running.access, 'not-the-secret')).rejects.toMatchObject({
      code: 'TOKEN_REFUSED',
      message: expect.stringContaining('invalid_client'),
    });
  });

  it('refuses the interactive client, which has no secret', async () => {
    const { config } = await discover(running.access, { id: running.lab.clients.cli });
    await expect(oidc.clientCredentialsGrant(config)).rejects.toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('not allowed for this client'),
    });
  });
});

describe('the provider refuses', () => {
  const authorize = async (change: Readonly<Record<string, string | undefined>>): Promise<URL | string> => {
    const url = new URL('/auth', running.lab.issuer);
    const parameters = {
      client_id: running.lab.clients.cli,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'http://127.0.0.1:4711/callback',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      ...change,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const { headers, body } = await edgeRequest(running.access, url, { method: 'GET' });
    return headers.location === undefined ? body : new URL(headers.location, url);
  };

  it('accepts the request that the cases below change', async () => {
    expect(String(await authorize({}))).toContain('/interaction/');
  });

  it.each([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['plain PKCE', { code_challenge_method: 'plain' }],
  ])('%s', async (_name, change) => {
    const answer = await authorize(change);
    expect(answer).toBeInstanceOf(URL);
    expect(new URL(answer).searchParams.get('error')).toBe('invalid_request');
  });

  it.each([
    ['another path', 'http://127.0.0.1:4711/callback/x'],
    ['another host', 'http://127.0.0.2:4711/callback'],
    ['a user part', 'http://x@127.0.0.1:4711/callback'],
    ['a fragment', 'http://127.0.0.1:4711/callback#x'],
    ['a query', 'http://127.0.0.1:4711/callback?x=1'],
    ['https', 'https://127.0.0.1:4711/callback'],
    ['a public host', 'https://example.com/callback'],
  ])('a redirect URI with %s, without redirecting', async (_name, redirect_uri) => {
    expect(await authorize({ redirect_uri })).toMatch(/invalid_redirect_uri|invalid_request/);
  });

  it('an unknown client, without redirecting', async () => {
    expect(await authorize({ client_id: 'stranger' })).toMatch(/invalid_client/);
  });

  it('a resource that is not the API', async () => {
    const answer = await authorize({ resource: 'https://other.example' });
    expect(new URL(answer).searchParams.get('error')).toBe('invalid_target');
  });

  it.each([
    ['with a wrong verifier', { code_verifier: oidc.randomPKCECodeVerifier() }],
    ['without a verifier', {}],
  ])('a good code %s', async (_name, parameters) => {
    const { code, redirect_uri, config } = await freshCode();
    await expect(
      oidc.genericGrantRequest(config, 'authorization_code', { code, redirect_uri, ...parameters }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('a code that was used', async () => {
    const { code, redirect_uri, code_verifier, config } = await freshCode();
    const parameters = { code, redirect_uri, code_verifier };
    await oidc.genericGrantRequest(config, 'authorization_code', parameters);
    await expect(oidc.genericGrantRequest(config, 'authorization_code', parameters)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  const freshCode = async () => {
    const { config } = await discover(running.access, { id: running.lab.clients.cli });
    const redirect_uri = 'http://127.0.0.1:4711/callback';
    const code_verifier = oidc.randomPKCECodeVerifier();
    const start = oidc.buildAuthorizationUrl(config, {
      redirect_uri,
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: 'S256',
    });
    const callback = await playLogin(running.access, start, redirect_uri, as('bob'));
    return { code: callback.searchParams.get('code') ?? '', redirect_uri, code_verifier, config };
  };
});
