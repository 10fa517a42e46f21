import { FORGED_TOKENS, type TokenCase, type TokenCaseId } from './token-cases.ts';
import { AUDIENCE_WRONG } from './token-case.ts';

/**
 * Forgeries that are shown to each service of the user's. What they prove is the token rules of that service; the
 * validator itself is proved with all of them, at the sample.
 */
const CORE = [
  'alg-none',
  'alg-none-with-signature',
  'hs256-with-public-key',
  'embedded-jwk',
  'no-signature',
  'flipped-payload',
  'foreign-key',
  'unknown-kid',
  'wrong-issuer',
  'wrong-audience',
  'audience-substring',
  'expired',
  'not-yet-valid',
  'id-token',
  'two-parts',
] as const satisfies readonly TokenCaseId[];

/** A token that the issuer itself gave to the same person, for another service of the lab. */
export const OF_OTHER_SERVICE = {
  id: 'other-service',
  check: 'MD-JWT-016',
  why: 'a valid token of the same person for another service of the lab',
  expected: AUDIENCE_WRONG,
} as const satisfies TokenCase;

export type CoreTokenId = (typeof CORE)[number];

export interface CoreTokenCase extends TokenCase {
  readonly id: CoreTokenId;
}

/** Those that are forged; {@link OF_OTHER_SERVICE} comes beside them. */
export const CORE_TOKENS: readonly CoreTokenCase[] = CORE.flatMap((id) =>
  FORGED_TOKENS.filter((each) => each.id === id).map((each) => ({ ...each, id })),
);

export const SERVICE_TOKENS: readonly TokenCase[] = [...CORE_TOKENS, OF_OTHER_SERVICE];
