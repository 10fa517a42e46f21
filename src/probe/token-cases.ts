import type { TokenReason } from '../trust/token-reason.ts';

/** A forged token: what is wrong with it and what the validating proxy has to answer. */
export interface TokenCase {
  readonly id: string;
  /** Check of the catalogue that this is a case of. */
  readonly check: `MD-JWT-${string}` | `MD-RBAC-${string}`;
  readonly why: string;
  readonly expected: { readonly status: 200 | 401 | 403; readonly reason: TokenReason };
}

const refused = (reason: TokenReason) => ({ status: 401, reason }) as const;
const FORBIDDEN_AUDIENCE = { status: 403, reason: 'AUDIENCE_WRONG' } as const;

/** An empty third part fails the parser before the algorithm is looked at. */
const UNSIGNED = [
  { id: 'alg-none', why: 'unsigned, says so', expected: refused('MALFORMED') },
  {
    id: 'alg-none-mixed-case',
    why: 'unsigned, the algorithm spelt nOnE',
    expected: refused('MALFORMED'),
  },
  {
    id: 'alg-none-upper-case',
    why: 'unsigned, the algorithm spelt NONE',
    expected: refused('MALFORMED'),
  },
  {
    id: 'alg-none-with-signature',
    why: 'algorithm none with the good signature',
    expected: refused('ALG_UNSUPPORTED'),
  },
  { id: 'alg-empty', why: 'the algorithm is an empty text', expected: refused('ALG_UNSUPPORTED') },
  { id: 'alg-missing', why: 'the header names no algorithm', expected: refused('ALG_UNSUPPORTED') },
] as const;

const CONFUSED = [
  {
    id: 'hs256-with-public-key',
    why: 'HMAC with the public key (PEM) as secret',
    expected: refused('KEY_NOT_FOUND'),
  },
  {
    id: 'hs256-with-public-der',
    why: 'HMAC with the public key (DER) as secret',
    expected: refused('KEY_NOT_FOUND'),
  },
  {
    id: 'hs256-with-public-jwk',
    why: 'HMAC with the public key (JWK) as secret',
    expected: refused('KEY_NOT_FOUND'),
  },
  { id: 'hs256-empty-secret', why: 'HMAC with a zero byte as secret', expected: refused('KEY_NOT_FOUND') },
  {
    id: 'rs256-own-kid',
    why: 'an RSA signature under the id of the EC key',
    expected: refused('KEY_NOT_FOUND'),
  },
  {
    id: 'es384-own-kid',
    why: 'a P-384 signature under the id of the P-256 key',
    expected: refused('KEY_NOT_FOUND'),
  },
] as const;

const SELF_BROUGHT = [
  { id: 'embedded-jwk', why: 'the key of the forger in the header', expected: refused('SIGNATURE_BAD') },
  { id: 'jku', why: 'a key set URL of the forger in the header', expected: refused('SIGNATURE_BAD') },
  { id: 'x5u', why: 'a certificate URL of the forger in the header', expected: refused('SIGNATURE_BAD') },
] as const;

const TAMPERED = [
  { id: 'no-signature', why: 'the signature is cut off', expected: refused('MALFORMED') },
  { id: 'zero-signature', why: 'the signature is 64 zero bytes', expected: refused('SIGNATURE_BAD') },
  {
    id: 'truncated-signature',
    why: 'the last 8 bytes of the signature are missing',
    expected: refused('SIGNATURE_BAD'),
  },
  { id: 'flipped-signature', why: 'one bit of the signature is changed', expected: refused('SIGNATURE_BAD') },
  { id: 'tampered-payload', why: 'roles were added after signing', expected: refused('SIGNATURE_BAD') },
  { id: 'tampered-header', why: 'the header was changed after signing', expected: refused('SIGNATURE_BAD') },
  {
    id: 'borrowed-signature',
    why: 'the signature of another good token',
    expected: refused('SIGNATURE_BAD'),
  },
] as const;

const FOREIGN = [
  { id: 'foreign-key', why: 'another key under the id of the good one', expected: refused('SIGNATURE_BAD') },
  { id: 'unknown-kid', why: 'another key under its own id', expected: refused('KEY_NOT_FOUND') },
  { id: 'foreign-key-without-kid', why: 'another key, no key id', expected: refused('SIGNATURE_BAD') },
  { id: 'kid-empty', why: 'another key, the key id is empty', expected: refused('SIGNATURE_BAD') },
  { id: 'kid-path', why: 'another key, the key id is a path', expected: refused('KEY_NOT_FOUND') },
  { id: 'kid-number', why: 'another key, the key id is a number', expected: refused('MALFORMED') },
] as const;

const OTHER_ISSUER = [
  { id: 'wrong-issuer', why: 'issued by somebody else, signed well', expected: refused('ISSUER_UNKNOWN') },
  { id: 'issuer-trailing-slash', why: 'our issuer and a slash', expected: refused('ISSUER_UNKNOWN') },
  { id: 'issuer-http', why: 'our issuer with http', expected: refused('ISSUER_UNKNOWN') },
  { id: 'issuer-prefix', why: 'our issuer as the beginning of another', expected: refused('ISSUER_UNKNOWN') },
  { id: 'issuer-upper-case', why: 'our issuer in capitals', expected: refused('ISSUER_UNKNOWN') },
  { id: 'issuer-missing', why: 'no issuer at all', expected: refused('ISSUER_UNKNOWN') },
] as const;

const OTHER_AUDIENCE = [
  { id: 'wrong-audience', why: 'for another service', expected: FORBIDDEN_AUDIENCE },
  { id: 'audience-substring', why: 'our audience and more', expected: FORBIDDEN_AUDIENCE },
  { id: 'audience-list-without-ours', why: 'for two other services', expected: FORBIDDEN_AUDIENCE },
  { id: 'audience-empty-list', why: 'for nobody', expected: FORBIDDEN_AUDIENCE },
  { id: 'audience-missing', why: 'without an audience', expected: FORBIDDEN_AUDIENCE },
] as const;

const OUT_OF_TIME = [
  { id: 'expired', why: 'ended an hour ago', expected: refused('EXPIRED') },
  {
    id: 'expired-beyond-skew',
    why: 'ended two minutes ago, past the 60 s of tolerance',
    expected: refused('EXPIRED'),
  },
  { id: 'not-yet-valid', why: 'begins in an hour', expected: refused('NOT_YET_VALID') },
  { id: 'expiry-as-text', why: 'the end is a text, not a number', expected: refused('MALFORMED') },
] as const;

const MISSHAPEN = [
  { id: 'two-parts', why: 'no second dot', expected: refused('MALFORMED') },
  { id: 'four-parts', why: 'a part too many', expected: refused('MALFORMED') },
  { id: 'not-base64', why: 'the payload is not base64url', expected: refused('MALFORMED') },
  { id: 'not-json', why: 'the payload is not JSON', expected: refused('MALFORMED') },
] as const;

const UNPRIVILEGED = [
  {
    id: 'valid-but-eve',
    why: 'a good token of a user without roles',
    expected: { status: 403, reason: 'ACCESS_DENIED' },
  },
] as const;

const ACCEPTED = { status: 200, reason: 'ACCEPTED' } as const;

/** By design of the validator; each is a documented case, so that a change of behaviour is seen. */
const TOLERATED = [
  { id: 'within-skew', why: 'ended 20 s ago: the validator tolerates 60 s', expected: ACCEPTED },
  { id: 'without-kid', why: 'signed well, no key id: every key is tried', expected: ACCEPTED },
  { id: 'audience-list-with-ours', why: 'for two services, one is ours', expected: ACCEPTED },
] as const;

function of<const Id extends string>(
  check: TokenCase['check'],
  cases: readonly (Omit<TokenCase, 'check' | 'id'> & { readonly id: Id })[],
): readonly (TokenCase & { readonly id: Id })[] {
  return cases.map((each) => ({ ...each, check }));
}

/** Forgeries that must be refused. Statuses and reasons are measured on the pinned Envoy. */
export const FORGED_TOKENS = [
  ...of('MD-JWT-010', UNSIGNED),
  ...of('MD-JWT-011', CONFUSED),
  ...of('MD-JWT-012', SELF_BROUGHT),
  ...of('MD-JWT-013', TAMPERED),
  ...of('MD-JWT-014', FOREIGN),
  ...of('MD-JWT-015', OTHER_ISSUER),
  ...of('MD-JWT-016', OTHER_AUDIENCE),
  ...of('MD-JWT-017', OUT_OF_TIME),
  ...of('MD-JWT-020', MISSHAPEN),
  ...of('MD-RBAC-002', UNPRIVILEGED),
];

/** Odd tokens that are accepted on purpose. */
export const TOLERATED_TOKENS = of('MD-JWT-021', TOLERATED);

export type TokenCaseId = (typeof FORGED_TOKENS)[number]['id'] | (typeof TOLERATED_TOKENS)[number]['id'];
