import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createSigningKey } from '../../../src/keys/idp-secrets.ts';
import { forgeToken } from '../../../src/probe/forge-token.ts';
import { FORGED_TOKENS, type TokenCaseId, TOLERATED_TOKENS } from '../../../src/probe/token-cases.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);
const key = createSigningKey();
const { kty, crv, x, y, kid, alg, use } = key;
const keySet = createLocalJWKSet({ keys: [{ kty, crv, x, y, kid, alg, use }] });
const at = new Date('2026-03-01T12:00:00Z');
const claims = { iss: lab.issuer, aud: lab.audience, sub: 'alice', roles: ['admin'], exp: 1, iat: 0 };

/** jose as a second validator, with the tolerance of the first. */
async function verdict(id: TokenCaseId): Promise<string> {
  const token = await forgeToken(id, { claims, key, at });
  const rules = { issuer: lab.issuer, audience: lab.audience, clockTolerance: 60, currentDate: at };
  return jwtVerify(token, keySet, rules).then(
    ({ payload }) => `accepted ${payload.sub}`,
    (error: unknown) => `refused ${String(Reflect.get(Object(error), 'code'))}`,
  );
}

const AUTHORIZATION = FORGED_TOKENS.filter((each) => each.expected.reason === 'ACCESS_DENIED');
const FORGERIES = FORGED_TOKENS.filter((each) => each.expected.reason !== 'ACCESS_DENIED');

describe('forgeToken', () => {
  it.each(TOLERATED_TOKENS)('$id is a good token of alice to another validator as well', async ({ id }) => {
    expect(await verdict(id)).toBe('accepted alice');
  });

  it.each(AUTHORIZATION)('$id is a good token; only its bearer may not', async ({ id }) => {
    expect(await verdict(id)).toBe('accepted eve');
  });

  it.each(FORGERIES)('$id is refused by another validator as well: $why', async ({ id }) => {
    expect(await verdict(id)).toMatch(/^refused ERR_/);
  });

  it('has at least forty cases, each with its own id', () => {
    const ids = [...FORGED_TOKENS, ...TOLERATED_TOKENS].map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(FORGED_TOKENS.length).toBeGreaterThanOrEqual(40);
  });
});
