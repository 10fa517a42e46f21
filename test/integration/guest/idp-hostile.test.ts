import { randomUUID } from 'node:crypto';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviceCookie } from '../../../src/guest/idp/device-cookie.ts';
import { edgeRequest, type EdgeResponse } from '../../../src/edge/edge-request.ts';
import { login } from '../../../src/idp/client/login.ts';
import { discover } from '../../../src/idp/client/oidc-client.ts';
import { IdpBehindTls, PASSWORDS } from './support/idp-behind-tls.ts';
import { exchangeBytes } from './support/raw.ts';

const FORM = 'application/x-www-form-urlencoded';
const CALLBACK = 'http://127.0.0.1:4711/callback';

let running: IdpBehindTls;

beforeAll(async () => {
  running = await IdpBehindTls.start();
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
});

type Headers = Readonly<Record<string, string>>;

const get = (path: string, headers: Headers = {}): Promise<EdgeResponse> =>
  edgeRequest(running.access, new URL(path, running.lab.issuer), {
    method: 'GET',
    headers: { accept: 'text/html', ...headers },
  });

const post = (path: string, body: string, headers: Headers = {}): Promise<EdgeResponse> =>
  edgeRequest(running.access, new URL(path, running.lab.issuer), {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': FORM, ...headers },
    body,
  });

const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

const cookiesOf = ({ headers }: EdgeResponse): string =>
  (headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '').join('; ');

async function authorizationPath(extra: Readonly<Record<string, string>> = {}): Promise<string> {
  const { config } = await discover(running.access, { id: running.lab.clients.cli });
  const { pathname, search } = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid',
    code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
    ...extra,
  });
  return `${pathname}${search}`;
}

/** A login that a browser has begun: where its form goes, and its cookies. */
async function begin(
  extra: Readonly<Record<string, string>> = {},
): Promise<{ path: string; cookie: string }> {
  const answer = await get(await authorizationPath(extra));
  return { path: answer.headers.location ?? '', cookie: cookiesOf(answer) };
}

/** The same process answers still, and said nothing of faults of its own. */
async function expectUnharmed(pid: number | undefined): Promise<void> {
  expect((await get('/jwks')).status).toBe(200);
  expect(running.idp.child.pid).toBe(pid);
  expect(running.idp.child.exitCode).toBeNull();
  const faults = running.idp.lines.filter(
    (line) => !line.startsWith('{') || /"(fatal|unhandled)"|"status":5/.test(line),
  );
  expect(faults).toEqual([]);
}

describe('a form that is not as it should be', () => {
  it.each([
    ['of 8,193 bytes', `username=${'x'.repeat(8184)}`, 413],
    ['of 57,345 bytes', `username=${'x'.repeat(57_336)}`, 413],
    ['with a percent sign that begins nothing', 'username=%zz&password=x', 400],
    ['with bytes that are no UTF-8', 'username=%ff%fe&password=x', 400],
    ['that is empty', '', 422],
  ])('%s is refused with a page', async (_name, body, status) => {
    const { pid } = running.idp.child;
    const { path, cookie } = await begin();
    const answer = await post(path, body, { cookie });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('text/html');
    await expectUnharmed(pid);
  });

  it('of another type is refused', async () => {
    const { path, cookie } = await begin();
    const answer = await post(path, '{}', { cookie, 'content-type': 'application/json' });
    expect(answer.status).toBe(415);
  });

  it('may have any length in chunks: it is not read to its end', async () => {
    const { pid } = running.idp.child;
    const { path, cookie } = await begin();
    const chunk = `1000\r\n${'x'.repeat(4096)}\r\n`;
    const answer = await exchangeBytes(
      running.upstreamPort,
      `POST ${path} HTTP/1.1\r\nHost: ${new URL(running.lab.issuer).host}\r\nCookie: ${cookie}\r\nX-Forwarded-Proto: https\r\n` +
        `Content-Type: ${FORM}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk.repeat(64)}0\r\n\r\n`,
    );
    expect(answer.status).toBe(413);
    await expectUnharmed(pid);
  });

  it('may end in its middle', async () => {
    const { pid } = running.idp.child;
    const { path, cookie } = await begin();
    await exchangeBytes(
      running.upstreamPort,
      `POST ${path} HTTP/1.1\r\nHost: ${new URL(running.lab.issuer).host}\r\nCookie: ${cookie}\r\nContent-Type: ${FORM}\r\nContent-Length: 99\r\n\r\nusername=`,
      { leaves: true },
    );
    await running.idp.line(/form\.refused.*aborted/);
    await expectUnharmed(pid);
  });

  it('is refused the second time', async () => {
    const { pid } = running.idp.child;
    const { path, cookie } = await begin();
    const fields = form({ username: 'alice', password: PASSWORDS.alice });
    const both = await Promise.all([post(path, fields, { cookie }), post(path, fields, { cookie })]);
    for (const { status } of both) expect([303, 400]).toContain(status);
    await expectUnharmed(pid);
  });
});

describe('a request for another name', () => {
  it('gets nothing: the provider would build its URLs from it', async () => {
    const { pid } = running.idp.child;
    const ask = (host: string) =>
      exchangeBytes(
        running.upstreamPort,
        `GET /.well-known/openid-configuration HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
    expect((await ask(new URL(running.lab.issuer).host)).status).toBe(200);
    expect((await ask('evil.invalid')).status).toBe(421);
    expect((await ask('\xff')).status).toBe(421);
    await expectUnharmed(pid);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['noise', '\x16\x03\x01\x00\x05hello\r\n\r\n', 400],
    ['a head of 40 kB', `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST /token HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
      400,
    ],
  ])('is refused and logged: %s', async (_name, bytes, status) => {
    const { pid } = running.idp.child;
    const lines = running.idp.lines.length;
    expect((await exchangeBytes(running.upstreamPort, bytes)).status).toBe(status);
    await expectUnharmed(pid);
    expect(running.idp.lines.slice(lines).join('\n')).toContain('"request.unreadable"');
  });
});

describe('a tunnel', () => {
  it('is refused, and whoever asked for it may leave', async () => {
    const { pid } = running.idp.child;
    const ask = 'CONNECT evil.invalid:443 HTTP/1.1\r\nHost: evil.invalid:443\r\n\r\n';
    expect((await exchangeBytes(running.upstreamPort, ask)).status).toBe(405);
    await exchangeBytes(running.upstreamPort, ask, { leaves: true });
    await expectUnharmed(pid);
  });
});

describe('the device pages', () => {
  it.each([
    ['a form without a session', () => post('/device', 'xsrf=x&user_code=AAAA-BBBB')],
    ['a form with a session that is gone', () => post('/device', 'user_code=A', { cookie: '_session=gone' })],
    ['a login that was never begun', () => get('/device/never-begun')],
  ])('refuse %s with a page that leads back', async (_name, ask) => {
    const { pid } = running.idp.child;
    const { status, headers, body } = await ask();
    expect(status).toBe(400);
    expect(headers['content-type']).toContain('text/html');
    expect(body).toContain('href="/device"');
    await expectUnharmed(pid);
  });
});

describe('the way back from a login', () => {
  it.each(['/auth/never-begun?client_id=meshdev-cli', '/AUTH/never-begun/?client_id=meshdev-cli'])(
    'is refused without its cookies, whatever is added to it: %s',
    async (path) => {
      const { pid } = running.idp.child;
      expect((await get(path)).status).toBe(400);
      await expectUnharmed(pid);
    },
  );
});

describe('every page', () => {
  const pages: readonly (readonly [string, () => Promise<EdgeResponse>])[] = [
    ['login', async () => opened(await begin())],
    ['a wrong password', async () => posted(await begin(), form({ username: 'eve', password: 'wrong' }))],
    ['a form that is too long', async () => posted(await begin(), 'x'.repeat(9000))],
    ['an interaction that is over', () => get('/interaction/never-begun')],
    ['an error of the authorization endpoint', () => get('/auth?client_id=stranger')],
    ['a resumed authorization that is over', () => get('/auth/never-begun')],
    [
      'form_post of an error',
      async () => get(await authorizationPath({ response_mode: 'form_post', prompt: 'none' })),
    ],
    ['entering a code', () => get('/device')],
    ['entering a code that the URL brings', () => get('/device?user_code=AAAA-BBBB')],
    ['a device form without a session', () => post('/device', 'user_code=A')],
    ['signing out', () => get('/session/end')],
    ['a sign-out form without a session', () => post('/session/end/confirm', 'xsrf=x')],
    ['signed out', () => get('/session/end/success')],
    ['a token request of a browser', () => post('/token', 'grant_type=nothing')],
  ];

  const opened = ({ path, cookie }: { path: string; cookie: string }) => get(path, { cookie });
  const posted = ({ path, cookie }: { path: string; cookie: string }, body: string) =>
    post(path, body, { cookie });

  it.each(pages)(
    'may not be framed, sniffed or stored, and runs no script of others: %s',
    async (_name, ask) => {
      const { status, headers } = await ask();
      expect(status).toBeLessThan(500);
      expect(headers['content-type']).toContain('text/html');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toMatch(/script-src( 'sha256-[^']+')?;/);
      expect(policy).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      });
      expect(headers['cache-control']).toContain('no-store');
    },
  );

  it('that posts itself may run its own script, and no other', async () => {
    const { headers, body } = await get(
      await authorizationPath({ response_mode: 'form_post', prompt: 'none' }),
    );
    expect(body).toContain('<script>');
    expect(headers['content-security-policy']).toMatch(/script-src 'sha256-[A-Za-z0-9+/=]{44}';/);
  });
});

describe('wrong passwords', () => {
  const attempt = async (password: string, more = ''): Promise<EdgeResponse> => {
    const { path, cookie } = await begin();
    return post(path, form({ username: 'eve', password }), { cookie: `${cookie}${more}` });
  };

  it('are slowed down after a few, and lock out nobody who has signed in before', async () => {
    await running.idp.stop();
    await running.startIdp();
    const statuses: number[] = [];
    for (let turn = 0; turn < 40; turn += 1) statuses.push((await attempt(`wrong-${turn}`)).status);
    expect(statuses.slice(0, 5)).toEqual([422, 422, 422, 422, 422]);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(25);

    // On a slow machine the wait may be over just then: a longer one follows.
    let last = await attempt('wrong');
    while (Number(last.headers['retry-after'] ?? 0) < 8) last = await attempt('wrong');
    expect(last.status).toBe(429);
    expect(last.body).toContain('role="alert"');
    expect((await attempt(PASSWORDS.eve)).status).toBe(429);

    const device = deviceCookie(running.config, 'eve', randomUUID());
    expect((await attempt(PASSWORDS.eve, `; _device=${device}`)).status).toBe(303);
    expect((await attempt(PASSWORDS.eve, '; _device=forged.forged')).status).toBe(429);
    const tokens = await login(running.access, {
      user: 'eve',
      password: PASSWORDS.eve,
      secrets: running.config,
    });
    expect(tokens.access.sub).toBe('eve');
  });
});
