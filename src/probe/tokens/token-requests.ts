import { ADMIN, VIEWER } from '../../sample/names.ts';
import type { DeliveryRequest, TokenRequest } from '../../evidence/tokens.ts';
import { DELIVERIES } from '../../cases/tokens/delivery-cases.ts';
import { forgeToken } from './forge-token.ts';
import { FORGED_TOKENS, TOLERATED_TOKENS } from '../../cases/tokens/token-cases.ts';
import { deliveries } from './deliveries.ts';
import { forgeryBase } from './forgery-base.ts';
import { sentAs } from '../requests/send-shots.ts';
import { sendTraced } from '../requests/send-traced.ts';
import type { Needs } from '../probe-context.ts';

/** Traced requests that a parser may stumble over. */
export interface Sent<T> {
  readonly requests: readonly T[];
  /** Of `performance`, when the first of them went out. */
  readonly sentAt: number;
}

const TOKEN_CASES = [...FORGED_TOKENS, ...TOLERATED_TOKENS];

/** Each differs from the admin's good token in exactly one thing, and is sent where she may go. */
export async function collectTokenRequests(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'asked' | 'leftMs' | 'signal'>,
): Promise<Sent<TokenRequest>> {
  const base = forgeryBase(probeContext, (await probeContext.tokens())[ADMIN]);
  const forged = await Promise.all(
    TOKEN_CASES.map(async ({ id }) => ({
      id,
      method: 'GET',
      path: '/headers',
      token: await forgeToken(id, base),
    })),
  );
  const sentAt = performance.now();
  const sent = await sendTraced(probeContext, forged);
  return { requests: TOKEN_CASES.map((each) => ({ ...sentAs(sent, each.id), case: each })), sentAt };
}

export async function collectDeliveries(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'asked' | 'leftMs' | 'signal'>,
): Promise<Sent<DeliveryRequest>> {
  const tokens = await probeContext.tokens();
  const base = forgeryBase(probeContext, tokens[ADMIN]);
  const bearers = {
    admin: tokens[ADMIN].accessToken,
    viewer: tokens[VIEWER].accessToken,
    forged: await forgeToken('foreign-key', { ...base, claims: { ...base.claims, sub: 'mallory' } }),
  };
  const sentAt = performance.now();
  const sent = await sendTraced(probeContext, deliveries(bearers));
  return { requests: DELIVERIES.map((each) => ({ ...sentAs(sent, each.id), case: each })), sentAt };
}
