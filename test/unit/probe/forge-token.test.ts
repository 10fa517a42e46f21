import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createSigningKey } from '../../../src/keys/idp-secrets.ts';
import { forgeToken } from '../../../src/probe/tokens/forge-token.ts';
import { DELIVERIES } from '../../../src/cases/tokens/delivery-cases.ts';
import { FORGED_TOKENS, type TokenCaseId, TOLERATED_TOKENS } from '../../../src/cases/tokens/token-cases.ts';
import type { TokenCase } from '../../../src/cases/tokens/token-cases.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { forgeryBase } from '../../support/forgery-base.ts';

const lab = createLab(DEFAULT_CHOICE);
const key = createSigningKey();
const { kty, crv, x, y, kid, alg, use } = key;
const keySet = createLocalJWKSet({ keys: [{ kty, crv, x, y, kid, alg, use }] });
const at = new Date('2026-03-01T12:00:00Z');
const base = await forgeryBase(lab, key, at);

/** jose as a second validator, with the tolerance of the first. */
async function verdict(id: TokenCaseId): Promise<string> {
  const token = await forgeToken(id, base);
  const rules = { issuer: lab.issuer, audience: lab.audience, clockTolerance: 60, currentDate: at };
  return jwtVerify(token, keySet, rules).then(
    ({ payload }) => `accepted ${payload.sub}`,
    (error: unknown) => `refused ${String(Reflect.get(Object(error), 'code'))}`,
  );
}

const FORGED: readonly (TokenCase & { readonly id: TokenCaseId })[] = FORGED_TOKENS;
const TOLERATED: readonly (TokenCase & { readonly id: TokenCaseId })[] = TOLERATED_TOKENS;
const AUTHORIZATION = FORGED.filter((each) => each.expected.reason === 'ACCESS_DENIED');
const FORGERIES = FORGED.filter((each) => each.expected.reason !== 'ACCESS_DENIED');
/** jose, as a second validator, is stricter in some of these and more lenient in one. */
const of = (cases: typeof FORGED, opinion: 'accepted' | 'refused', usual: 'accepted' | 'refused') =>
  cases.filter(({ elsewhere }) => (elsewhere ?? usual) === opinion);

describe('forgeToken', () => {
  it.each([...of(TOLERATED, 'accepted', 'accepted'), ...of(FORGERIES, 'accepted', 'refused')])(
    '$id is a good token of alice to another validator as well',
    async ({ id }) => {
      expect(await verdict(id)).toBe('accepted alice');
    },
  );

  it.each(AUTHORIZATION)('$id is a good token; only its bearer may not', async ({ id }) => {
    expect(await verdict(id)).toBe('accepted eve');
  });

  it.each([...of(FORGERIES, 'refused', 'refused'), ...of(TOLERATED, 'refused', 'accepted')])(
    '$id is refused by another validator as well: $why',
    async ({ id }) => {
      expect(await verdict(id)).toMatch(/^refused ERR_/);
    },
  );

  it('has at least ninety cases, each with its own id', () => {
    const ids = [...FORGED_TOKENS, ...TOLERATED_TOKENS].map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length + DELIVERIES.length).toBeGreaterThanOrEqual(90);
  });
});
