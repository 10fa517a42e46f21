/** Why a validating proxy refused a token: the closed list that checks, messages and docs share. */
const TOKEN_REASONS = {
  ACCEPTED: 'the token was accepted',
  MISSING: 'a required token is missing',
  MALFORMED: 'the token is malformed',
  ALG_UNSUPPORTED: 'the algorithm of the token is not accepted',
  KEY_NOT_FOUND: 'no key matches the key id and algorithm of the token',
  SIGNATURE_BAD: 'the signature does not match the key',
  ISSUER_UNKNOWN: 'the issuer of the token is not configured',
  AUDIENCE_WRONG: 'the token is for another audience',
  EXPIRED: 'the token has expired',
  NOT_YET_VALID: 'the token is not yet valid',
  TOO_LARGE: 'the header with the token is larger than a proxy accepts',
  ACCESS_DENIED: 'no policy allows this request',
} as const;

export type TokenReason = keyof typeof TOKEN_REASONS;

/** Fragments of Envoy's `response_code_details`, the most telling first. */
const SIGNS: readonly (readonly [RegExp, TokenReason])[] = [
  [/Jwt_is_missing/, 'MISSING'],
  [/Jwt_is_expired/, 'EXPIRED'],
  [/Jwt_not_yet_valid/, 'NOT_YET_VALID'],
  [/Jwt_issuer_is_not_configured/, 'ISSUER_UNKNOWN'],
  [/Audiences_in_Jwt_are_not_allowed/, 'AUDIENCE_WRONG'],
  [/Jwks_doesn't_have_key_to_match/, 'KEY_NOT_FOUND'],
  [/Jwt_verification_fails/, 'SIGNATURE_BAD'],
  [/header_\[alg\]/, 'ALG_UNSUPPORTED'],
  [/Jwt_is_not_in_the_form|Jwt_(header|payload|signature)_/, 'MALFORMED'],
  [/rbac_access_denied/, 'ACCESS_DENIED'],
  [/^via_upstream$/, 'ACCEPTED'],
];

/**
 * The reason in a proxy's response code details; undefined for a signal that is not known, which
 * is never guessed at.
 */
export function tokenReasonOf(details: string): TokenReason | undefined {
  return SIGNS.find(([sign]) => sign.test(details))?.[1];
}
