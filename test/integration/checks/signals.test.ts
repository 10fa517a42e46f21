import { connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signalOf } from '../../../src/checks/signals.ts';
import { freePort, type Running } from '../../support/child.ts';
import { httpRoutes, startEnvoy, typed } from '../../support/envoy.ts';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'https://app.test';

function cluster(name: string, port?: number): object {
  const address = { socket_address: { address: '127.0.0.1', port_value: port } };
  const endpoints = port === undefined ? [] : [{ lb_endpoints: [{ endpoint: { address } }] }];
  return { name, type: 'STATIC', connect_timeout: '2s', load_assignment: { cluster_name: name, endpoints } };
}

/** Routes by path, so that one Envoy can refuse in many ways. */
function routes(): readonly object[] {
  const to = (path: string, target: string, more: object = {}): object => ({
    match: { path },
    route: { cluster: target, ...more },
  });
  return [
    to('/empty', 'empty'),
    to('/nowhere', 'not-declared'),
    to('/closed', 'closed'),
    to('/silent', 'silent', { timeout: '0.2s' }),
    to('/hangs-up', 'hangs-up'),
    to('/app', 'empty'),
  ];
}

describe('what a real Envoy says when it refuses', async () => {
  const good = await generateKeyPair('ES256');
  const other = await generateKeyPair('ES256');
  let envoy: Running;
  let servers: readonly Server[] = [];
  let port = 0;

  const listening = async (act: 'silent' | 'hang up'): Promise<number> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (act === 'hang up') socket.on('data', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers = [...servers, server];
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };

  beforeAll(async () => {
    const jwks = { keys: [{ ...(await exportJWK(good.publicKey)), kid: 'one', alg: 'ES256' }] };
    const jwt = typed('envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', {
      providers: {
        issuer: {
          issuer: ISSUER,
          audiences: [AUDIENCE],
          local_jwks: { inline_string: JSON.stringify(jwks) },
        },
      },
      rules: [{ match: { path: '/app' }, requires: { provider_name: 'issuer' } }],
    });
    const rbac = (name: string, rules: object): object => ({
      name,
      ...typed('envoy.extensions.filters.http.rbac.v3.RBAC', { rules }),
    });
    const path = (exact: string): object => ({ url_path: { path: { exact } } });
    const filters = [
      { name: 'jwt', ...jwt },
      rbac('deny', {
        action: 'DENY',
        policies: {
          'ns[apps]-policy[deny-it]-rule[0]': { permissions: [path('/denied')], principals: [{ any: true }] },
        },
      }),
      rbac('allow', {
        action: 'ALLOW',
        policies: {
          all: { permissions: [{ not_rule: path('/unlisted') }], principals: [{ any: true }] },
        },
      }),
    ];
    port = await freePort();
    const chain = httpRoutes(filters, routes());
    const clusters = [
      cluster('empty'),
      cluster('closed', await freePort()),
      cluster('silent', await listening('silent')),
      cluster('hangs-up', await listening('hang up')),
    ];
    envoy = await startEnvoy({ filter_chains: [chain] }, port, clusters);
  });
  afterAll(async () => {
    await envoy[Symbol.asyncDispose]();
    for (const server of servers) server.close();
  });

  /** The details of the answer, which this Envoy writes into the body. */
  async function details(path: string, token?: string): Promise<string> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).text();
  }

  const explained = (text: string): string | undefined => signalOf({ source: 'envoy details', text })?.reason;

  it.each([
    ['/unknown', 'route_not_found', /no route/],
    ['/nowhere', 'cluster_not_found', /does not exist/],
    ['/empty', 'no_healthy_upstream', /no ready pod/],
    ['/silent', 'response_timeout', /did not answer in time/],
    ['/closed', 'upstream_reset_before_response_started', /is unreachable/],
    ['/hangs-up', 'upstream_reset_before_response_started', /closed the connection/],
    ['/unlisted', 'rbac_access_denied_matched_policy[none]', /no ALLOW/],
    ['/denied', 'rbac_access_denied_matched_policy[ns[apps]-policy[deny-it]-rule[0]]', /a DENY/],
    ['/app', 'jwt_authn_access_denied{Jwt_is_missing}', /token is missing/],
  ])('for %s is %s, and is explained', async (path, raw, meaning) => {
    const said = await details(path);
    expect(said).toContain(raw);
    expect(explained(said)).toMatch(meaning);
  });

  it('names the cause of a reset in words that are explained too', async () => {
    const said = await details('/closed');
    expect(signalOf({ source: 'envoy transport failure', text: said })?.reason).toMatch(/no process listens/);
  });

  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'alice', exp: now + 600 };

  it.each([
    ['past its time', { exp: now - 600 }, 'one', good, 'Jwt_is_expired', /has expired/],
    ['before its time', { nbf: now + 600 }, 'one', good, 'Jwt_not_yet_valid', /not yet valid/],
    ['of another issuer', { iss: 'https://x.test' }, 'one', good, 'Jwt_issuer_is_not_configured', /issuer/],
    [
      'for others',
      { aud: 'https://x.test' },
      'one',
      good,
      'Audiences_in_Jwt_are_not_allowed',
      /another audience/,
    ],
    ['of an unknown key', {}, 'two', good, "Jwks_doesn't_have_key", /does not have the key/],
    ['with a foreign signature', {}, 'one', other, 'Jwt_verification_fails', /signature/],
  ] as const)('for a token %s is explained', async (_, change, kid, { privateKey }, raw, meaning) => {
    const token = await new SignJWT({ ...claims, ...change })
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(privateKey);
    const said = await details('/app', token);
    expect(said).toContain(raw);
    expect(explained(said)).toMatch(meaning);
  });

  it('for what is no token is explained', async () => {
    expect(explained(await details('/app', 'not-a-token'))).toMatch(/malformed/);
  });

  it('for a malformed request is explained', async () => {
    const socket = connect(port, '127.0.0.1');
    // Not its end with it: Envoy owes no answer to whoever has already left.
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    const said = text.split('\r\n\r\n')[1] ?? '';
    expect(said).toMatch(/^http1\./);
    expect(explained(said)).toMatch(/malformed/);
  });
});
