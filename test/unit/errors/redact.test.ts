import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { redact, redactDeep } from '../../../src/errors/redact.ts';
import { aJwt, oddJwt } from '../../support/tokens.ts';

describe('redact', () => {
  it.each([
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHcCANARY\n-----END EC PRIVATE KEY-----'],
    ['a cut-off private key', '-----BEGIN PRIVATE KEY-----\nMHcCANARY'],
    ['a JWT', 'got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.CANARY'],
    ['a JWT that a word runs into', 'access_token_eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.CANARY'],
    ['a JWT in a URL', '/x/eyJhbGciOiJFUzI1NiJ9%2EeyJzdWIiOiJDQU5BUlkifQ%2ECANARY'],
    ['a bearer header', 'authorization: Bearer CANARYCANARY'],
    ['a form field', 'grant_type=x&client_secret=CANARY&x=1'],
    ['a code in a query', 'Location: http://127.0.0.1/callback?code=CANARYCANARY&iss=x'],
    ['an opaque token in a query', 'GET /x?access_token=CANARYCANARY'],
    ['a JSON field', '{"password":"CANARY"}'],
    ['a token in JSON', '{"refresh_token": "CANARY", "device_code":"CANARY"}'],
  ])('takes out %s', (_, text) => {
    expect(redact(text)).not.toContain('CANARY');
  });

  it.each([
    'bearer of bad news on host a.test',
    'HTTP 403; status code=403 is what gateway.istio-ingress.svc.cluster.local said',
    'keycloak-something.identity-provider.svc.cluster.local',
    'meshdev.local/httpbin:v2.26.0, spiffe://cluster.local/ns/apps/sa/httpbin',
    'public key 0DWL3Y6gyqqRJ8a9qn9bFyPsRgY9c0aXvC0-hWfDy1o of the issuer',
  ])('leaves other text alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('takes out any JWT, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(aJwt, oddJwt), fc.string(), (before, token, after) => {
        const signature = token.split('.')[2] ?? '';
        expect(redact(`${before} ${token}${after}`)).not.toContain(signature);
      }),
    );
  });

  it('takes out any JWT that other text runs into', () => {
    fc.assert(
      fc.property(fc.string(), aJwt, fc.string(), (before, token, after) => {
        expect(redact(`${before}${token}${after}`)).not.toContain(token.split('.')[2] ?? '');
      }),
    );
  });

  it('takes it out of every text of a value, names included, and leaves the rest as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), aJwt, (rest, token) => {
        const value = { rest, headers: { [`x-${token}`]: [token] }, list: [{ body: `got ${token}` }] };
        const clean = redactDeep(value);
        expect(JSON.stringify(clean)).not.toContain(token.split('.')[2] ?? '');
        expect(clean.rest).toEqual(redactDeep(rest));
      }),
    );
  });

  it('takes it out of the message of every error', () => {
    fc.assert(
      fc.property(aJwt, (token) => {
        const error = new MeshdevError('STEP_FAILED', { message: `fetching /x?t=${token} failed` });
        expect(`${error.message} ${error.stack}`).not.toContain(token.split('.')[2] ?? '');
      }),
    );
  });
});
