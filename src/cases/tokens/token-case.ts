import type { TokenReason } from '../../trust/token-reason.ts';

/** A forged token: what is wrong with it and what the validating proxy has to answer. */
export interface TokenCase {
  readonly id: string;
  /** Check of the catalogue that this is a case of. */
  readonly check: `MD-JWT-${string}` | `MD-RBAC-${string}`;
  readonly why: string;
  readonly expected: TokenVerdict;
  /** What jose, as another validator, says, where it is of another opinion. */
  readonly elsewhere?: 'accepted' | 'refused';
}

export interface TokenVerdict {
  readonly status: 200 | 401 | 403 | 431;
  readonly reason: TokenReason;
}

/** What one file of the corpus lists; the check is added by the class. */
export type Listed = Omit<TokenCase, 'check'>;

const answers = <const Status extends TokenVerdict['status'], const Reason extends TokenReason>(
  status: Status,
  reason: Reason,
) => ({ status, reason });

/** As the pinned Envoy answers, measured. */
export const MALFORMED = answers(401, 'MALFORMED');
export const ALG_UNSUPPORTED = answers(401, 'ALG_UNSUPPORTED');
export const KEY_NOT_FOUND = answers(401, 'KEY_NOT_FOUND');
export const SIGNATURE_BAD = answers(401, 'SIGNATURE_BAD');
export const ISSUER_UNKNOWN = answers(401, 'ISSUER_UNKNOWN');
/** This validator's own choice: others say 401. */
export const AUDIENCE_WRONG = answers(403, 'AUDIENCE_WRONG');
export const EXPIRED = answers(401, 'EXPIRED');
export const NOT_YET_VALID = answers(401, 'NOT_YET_VALID');
/** Never judged as a token: the edge takes no header of that size. */
export const TOO_LARGE = answers(431, 'TOO_LARGE');
export const ACCEPTED = answers(200, 'ACCEPTED');
