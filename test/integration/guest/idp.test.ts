import { readFile, stat } from 'node:fs/promises';
import { createLocalJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { edgeRequest, type EdgeResponse } from '../../../src/edge/edge-request.ts';
import { HeadlessBrowser, type Arrival } from '../../../src/idp/client/headless-browser.ts';
import { clientCredentials, login } from '../../../src/idp/client/login.ts';
import { discover } from '../../../src/idp/client/oidc-client.ts';
import { IdpBehindTls, MACHINE_SECRET, PASSWORDS } from './support/idp-behind-tls.ts';

let running: IdpBehindTls;

beforeAll(async () => {
  running = await IdpBehindTls.start();
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
});

const get = (path: string): Promise<EdgeResponse> =>
  edgeRequest(running.access, new URL(path, running.lab.issuer), {
    method: 'GET',
    headers: { accept: 'text/html' },
  });

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });

/** The form of a page: where it is posted to, and its hidden fields. */
function formOf(arrival: Arrival): { action: URL; fields: Record<string, string> } {
  if (arrival.kind !== 'page') throw new Error(`expected a page, not ${arrival.url.href}`);
  const html = arrival.response.body;
  const action = /<form\b[^>]*\baction="([^"]+)"/.exec(html)?.[1] ?? '';
  const hidden = html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g);
  const fields = Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value]));
  return { action: new URL(action, arrival.url), fields };
}

const titleOf = (arrival: Arrival): string | undefined =>
  arrival.kind === 'page' ? /<h1>([^<]*)</.exec(arrival.response.body)?.[1] : arrival.url.href;

describe('identity provider', () => {
  it('publishes URLs of the issuer only, over https', async () => {
    const { body } = await get('/.well-known/openid-configuration');
    const document = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
    expect(document['issuer']).toBe(running.lab.issuer);
    expect(document['code_challenge_methods_supported']).toEqual(['S256']);
    expect(document['id_token_signing_alg_values_supported']).toEqual(['ES256']);
    const urls = Object.entries(document).filter(([name]) => /_endpoint$|_uri$/.test(name));
    expect(urls.length).toBeGreaterThan(5);
    for (const [, url] of urls) expect(String(url)).toMatch(new RegExp(`^${running.lab.issuer}/`));
  });

  it('publishes no private part of its key', async () => {
    const { keys } = keySet.parse(JSON.parse((await get('/jwks')).body));
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('says that it is well to its own container only', async () => {
    const direct = await fetch(`${running.upstream}/healthz`);
    expect([direct.status, await direct.text()]).toEqual([200, 'ok\n']);
    expect((await get('/healthz')).status).toBe(404);
  });

  it('keeps its keys over a restart: old tokens still verify', async () => {
    const { accessToken } = await clientCredentials(running.access, MACHINE_SECRET);
    const before = (await get('/jwks')).body;
    expect(await running.idp.stop()).toBe(0);
    await running.startIdp();
    const after = (await get('/jwks')).body;
    expect(after).toBe(before);
    const verified = await jwtVerify(accessToken, createLocalJWKSet(keySet.parse(JSON.parse(after))));
    expect(verified.payload.iss).toBe(running.lab.issuer);
  });

  it.for(['SIGTERM', 'SIGKILL'] as const)(
    'keeps refresh tokens over an end by %s, and a used one stays used',
    async (how) => {
      const { config } = await discover(running.access, { id: running.lab.clients.cli });
      const first = await login(
        running.access,
        { user: 'alice', password: PASSWORDS.alice },
        { scope: 'offline_access' },
      );
      const { refresh_token: second = '' } = await oidc.refreshTokenGrant(config, first.refreshToken ?? '');
      await expect.poll(() => readFile(running.storeFile, 'utf8')).toContain(second);
      await running.idp.stop(how);
      await running.startIdp();
      const third = await oidc.refreshTokenGrant(config, second);
      expect(third.access_token).not.toBe(first.accessToken);
      expect((await stat(running.storeFile)).mode & 0o777).toBe(0o600);
      await expect(oidc.refreshTokenGrant(config, second)).rejects.toMatchObject({ error: 'invalid_grant' });
    },
  );

  it('starts in under three seconds and stops at once', async () => {
    await running.idp.stop();
    const began = performance.now();
    await running.startIdp();
    const started = performance.now();
    await running.idp.stop();
    expect(started - began).toBeLessThan(3000);
    expect(performance.now() - started).toBeLessThan(300);
    await running.startIdp();
  });
});

describe('login page', () => {
  const CALLBACK = 'http://127.0.0.1:4711/callback';

  const openLogin = async (extra: Readonly<Record<string, string>> = {}) => {
    const { config } = await discover(running.access, { id: running.lab.clients.cli });
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid roles',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...extra,
    });
    const browser = new HeadlessBrowser(running.access, CALLBACK);
    const page = await browser.open(url);
    return { browser, page, config, verifier, url };
  };

  /** The redirect to the login page, with the cookies that bind it to this browser. */
  const beginLogin = async () => {
    const { url } = await openLogin();
    const { headers } = await edgeRequest(running.access, url, { method: 'GET' });
    const cookies = headers['set-cookie'] ?? [];
    return { form: new URL(headers.location ?? '', running.lab.issuer), cookies };
  };

  const postPassword = (form: URL, headers: Readonly<Record<string, string>>): Promise<EdgeResponse> =>
    edgeRequest(running.access, form, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ username: 'alice', password: PASSWORDS.alice }).toString(),
    });

  const asHeader = (cookies: readonly string[]): string =>
    cookies.map((line) => line.split(';')[0] ?? '').join('; ');

  it('runs no scripts, may not be framed, is not stored, and escapes what it is given', async () => {
    const { page } = await openLogin({ login_hint: '"><script>alert(1)</script>' });
    if (page.kind !== 'page') throw new Error('no page');
    const { headers, body } = page.response;
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['cache-control']).toBe('no-store');
    expect(body).not.toContain('<script');
    expect(body).toContain('&#34;&#62;&#60;script');
  });

  it('binds itself to a browser with signed cookies that scripts and plain HTTP never see', async () => {
    const { cookies } = await beginLogin();
    expect(cookies.some((line) => line.startsWith('_interaction.sig='))).toBe(true);
    for (const line of cookies) expect(line).toMatch(/^(?=.*; secure)(?=.*; httponly)(?=.*; samesite=lax)/i);
  });

  it('refuses a form that another site posted', async () => {
    const { form, cookies } = await beginLogin();
    const cookie = asHeader(cookies);
    expect((await postPassword(form, { cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await postPassword(form, { cookie, origin: 'null' })).status).toBe(403);
    expect((await postPassword(form, { cookie, origin: running.lab.issuer })).status).toBe(303);
  });

  it('refuses a form without the cookies, with forged ones, and with those of another login', async () => {
    const mine = await beginLogin();
    const other = await beginLogin();
    const forged = asHeader(mine.cookies).replaceAll(/(\.sig=)[^;]+/g, '$1AAAAAAAAAAAAAAAAAAAAAAAAAAA');
    expect((await postPassword(mine.form, {})).status).toBe(400);
    expect((await postPassword(mine.form, { cookie: forged })).status).toBe(400);
    expect((await postPassword(mine.form, { cookie: asHeader(other.cookies) })).status).toBe(400);
    expect((await postPassword(mine.form, { cookie: asHeader(mine.cookies) })).status).toBe(303);
  });

  it('lets the user cancel', async () => {
    const { browser, page } = await openLogin();
    const arrival = await browser.submit(formOf(page).action, { action: 'cancel' });
    expect(arrival.url.searchParams.get('error')).toBe('access_denied');
  });

  it('knows the user again, until logout', async () => {
    const { browser, page, url, config, verifier } = await openLogin();
    const fields = { username: 'bob', password: PASSWORDS.bob };
    const arrival = await browser.submit(formOf(page).action, fields);
    const tokens = await oidc.authorizationCodeGrant(config, arrival.url, { pkceCodeVerifier: verifier });
    expect((await browser.open(url)).kind).toBe('callback');

    const end = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token ?? '' });
    const question = await browser.open(end);
    expect(titleOf(question)).toBe('Sign out?');
    const form = formOf(question);
    const done = await browser.submit(form.action, { ...form.fields, logout: 'yes' });
    expect(titleOf(done)).toBe('You are signed out');
    expect(titleOf(await browser.open(url))).toBe('Sign in');
  });
});

describe('device flow', () => {
  it('gives the device a token after the user entered the code and signed in', async () => {
    const { config } = await discover(running.access, { id: running.lab.clients.cli });
    const device = await oidc.initiateDeviceAuthorization(config, { scope: 'openid roles api' });
    const browser = new HeadlessBrowser(running.access, 'http://127.0.0.1:4711/unused');

    const enter = formOf(await browser.open(new URL(device.verification_uri)));
    const unknown = await browser.submit(enter.action, { ...enter.fields, user_code: 'XXXX-XXXX' });
    expect(unknown.kind === 'page' && unknown.response.body).toContain('not known');

    const again = formOf(unknown);
    const confirm = await browser.submit(again.action, { ...again.fields, user_code: device.user_code });
    expect(confirm.kind === 'page' && confirm.response.body).toContain(device.user_code);
    const sure = formOf(confirm);
    const page = await browser.submit(sure.action, sure.fields);
    expect(titleOf(page)).toBe('Sign in');
    const done = await browser.submit(formOf(page).action, { username: 'alice', password: PASSWORDS.alice });
    expect(titleOf(done)).toBe('You are signed in');

    const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.1 });
    expect(tokens.claims()).toMatchObject({ sub: 'alice', roles: ['admin'] });
  });
});

describe('the log', () => {
  it('is JSON lines without passwords, secrets, codes or tokens', async () => {
    const { accessToken } = await login(running.access, { user: 'alice', password: PASSWORDS.alice });
    await login(running.access, { user: 'alice', password: 'a-wrong-password' }).catch(() => undefined);
    await running.idp.line(/login\.refused/);
    const { lines } = running.idp;
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines)
      expect(z.object({ ts: z.string(), event: z.string() }).safeParse(JSON.parse(line)).success).toBe(true);
    const all = running.idp.lines.join('\n');
    for (const secret of [PASSWORDS.alice, 'a-wrong-password', MACHINE_SECRET, accessToken, 'code=', 'eyJ']) {
      expect(all).not.toContain(secret);
    }
  });
});
