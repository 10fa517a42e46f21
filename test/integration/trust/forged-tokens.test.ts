import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSigningKey, publicJwk } from '../../../src/keys/idp-secrets.ts';
import { forgeToken } from '../../../src/probe/tokens/forge-token.ts';
import { FORGED_TOKENS, type TokenCaseId, TOLERATED_TOKENS } from '../../../src/cases/tokens/token-cases.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { tokenReasonOf } from '../../../src/trust/token-reason.ts';
import { forgeryBase } from '../../support/forgery-base.ts';
import { freePort, type Running } from '../../support/child.ts';
import { httpFilterChain, startEnvoy, typed } from '../../support/envoy.ts';

const lab = createLab(DEFAULT_CHOICE);
const key = createSigningKey();
const base = await forgeryBase(lab, key, new Date());

/** The filters as istiod writes them for RequestAuthentication and AuthorizationPolicy. */
function filters(): readonly object[] {
  const provider = {
    issuer: lab.issuer,
    audiences: [lab.audience],
    local_jwks: { inline_string: JSON.stringify({ keys: [publicJwk(key)] }) },
    from_headers: [{ name: 'Authorization', value_prefix: 'Bearer ' }],
    forward: true,
    payload_in_metadata: 'payload',
  };
  const either = { requires_any: { requirements: [{ provider_name: 'origins-0' }, { allow_missing: {} }] } };
  const jwt = typed('envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', {
    providers: { 'origins-0': provider },
    rules: [{ match: { prefix: '/' }, requires: either }],
  });
  const role = (exact: string): object => ({
    metadata: {
      filter: 'envoy.filters.http.jwt_authn',
      path: [{ key: 'payload' }, { key: 'roles' }],
      value: { list_match: { one_of: { string_match: { exact } } } },
    },
  });
  const policy = { permissions: [{ any: true }], principals: [role('admin'), role('viewer')] };
  const rbac = typed('envoy.extensions.filters.http.rbac.v3.RBAC', {
    rules: { action: 'ALLOW', policies: { 'ns[apps]-policy[httpbin-read]-rule[0]': policy } },
  });
  return [
    { name: 'envoy.filters.http.jwt_authn', ...jwt },
    { name: 'envoy.filters.http.rbac', ...rbac },
  ];
}

function upstream(port: number): object {
  const endpoint = { endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: port } } } };
  return {
    name: 'app',
    type: 'STATIC',
    load_assignment: { cluster_name: 'app', endpoints: [{ lb_endpoints: [endpoint] }] },
  };
}

describe('forged tokens against the real validator', () => {
  let envoy: Running;
  let port = 0;
  let reached = 0;
  const app = createServer((_, response) => {
    reached += 1;
    response.end('via_upstream');
  });

  beforeAll(async () => {
    const appPort = await freePort();
    app.listen(appPort, '127.0.0.1');
    await once(app, 'listening');
    port = await freePort();
    envoy = await startEnvoy(
      { filter_chains: [httpFilterChain(filters(), { route: { cluster: 'app' } })] },
      port,
      [upstream(appPort)],
    );
  });

  afterAll(async () => {
    await envoy[Symbol.asyncDispose]();
    app.close();
  });

  async function send(id: TokenCaseId): Promise<{ status: number; details: string }> {
    const token = await forgeToken(id, { ...base, at: new Date() });
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, details: await response.text() };
  }

  it.each(TOLERATED_TOKENS)('accepts $id: $why', async ({ id, expected }) => {
    const { status, details } = await send(id);
    expect({ status, reason: tokenReasonOf(details), details }).toMatchObject(expected);
  });

  // Headers that are too large never get this far: the edge refuses them, and a live lab shows it.
  it.each(FORGED_TOKENS.filter(({ expected }) => expected.reason !== 'TOO_LARGE'))(
    'refuses $id: $why',
    async ({ id, expected }) => {
      const before = reached;
      const { status, details } = await send(id);
      expect({ status, reason: tokenReasonOf(details), details }).toMatchObject(expected);
      expect(reached).toBe(before);
    },
  );

  it('has no two cases of one id', () => {
    const ids = [...FORGED_TOKENS, ...TOLERATED_TOKENS].map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
