import type { DeliveryWalk, TokenWalk } from '../../evidence/tokens.ts';
import { DELIVERIES } from '../../cases/tokens/delivery-cases.ts';
import { forgeToken } from './forge-token.ts';
import { FORGED_TOKENS, TOLERATED_TOKENS } from '../../cases/tokens/token-cases.ts';
import { deliveries } from './deliveries.ts';
import { forgeryBase } from './forgery-base.ts';
import { sentAs } from '../requests/send-shots.ts';
import { sendWalks } from '../requests/send-walks.ts';
import type { Needs } from '../witness.ts';

/** Walks that a parser may stumble over. */
export interface Sent<T> {
  readonly walks: readonly T[];
  /** Of `performance`, when the first of them went out. */
  readonly sentAt: number;
}

const TOKEN_CASES = [...FORGED_TOKENS, ...TOLERATED_TOKENS];

/** Each differs from alice's good token in exactly one thing, and is sent where she may go. */
export async function collectTokenWalks(
  witness: Needs<'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'asked' | 'leftMs' | 'signal'>,
): Promise<Sent<TokenWalk>> {
  const base = forgeryBase(witness, await witness.tokens());
  const forged = await Promise.all(
    TOKEN_CASES.map(async ({ id }) => ({
      id,
      method: 'GET',
      path: '/headers',
      token: await forgeToken(id, base),
    })),
  );
  const sentAt = performance.now();
  const sent = await sendWalks(witness, forged);
  return { walks: TOKEN_CASES.map((each) => ({ ...sentAs(sent, each.id), case: each })), sentAt };
}

export async function collectDeliveries(
  witness: Needs<'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'asked' | 'leftMs' | 'signal'>,
): Promise<Sent<DeliveryWalk>> {
  const tokens = await witness.tokens();
  const base = forgeryBase(witness, tokens);
  const bearers = {
    alice: tokens.alice.accessToken,
    bob: tokens.bob.accessToken,
    forged: await forgeToken('foreign-key', { ...base, claims: { ...base.claims, sub: 'mallory' } }),
  };
  const sentAt = performance.now();
  const sent = await sendWalks(witness, deliveries(bearers));
  return { walks: DELIVERIES.map((each) => ({ ...sentAs(sent, each.id), case: each })), sentAt };
}
