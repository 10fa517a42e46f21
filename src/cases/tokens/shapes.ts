import { ACCEPTED, AUDIENCE_WRONG, type Listed, MALFORMED, TOO_LARGE } from './token-case.ts';

/** Good for something, but not for this. */
export const OTHER_KIND = [
  { id: 'id-token', why: 'the ID token of the same login', expected: AUDIENCE_WRONG },
  { id: 'refresh-token', why: 'the refresh token of the same login', expected: MALFORMED },
  {
    id: 'logout-token',
    why: 'a logout token for the client, with a valid signature',
    expected: AUDIENCE_WRONG,
  },
  { id: 'encrypted', why: 'a valid token encrypted with the public key of the issuer', expected: MALFORMED },
  {
    id: 'nested',
    why: 'a valid token as the payload of another, both with valid signatures',
    expected: MALFORMED,
  },
] as const satisfies readonly Listed[];

export const MISSHAPEN = [
  { id: 'one-part', why: 'no dot', expected: MALFORMED },
  { id: 'two-parts', why: 'no second dot', expected: MALFORMED },
  { id: 'four-parts', why: 'one part too many', expected: MALFORMED },
  { id: 'empty-parts', why: 'only two dots', expected: MALFORMED },
  { id: 'not-base64', why: 'the payload is not base64url', expected: MALFORMED },
  { id: 'not-json', why: 'the payload is not JSON', expected: MALFORMED },
  { id: 'payload-list', why: 'the payload is a list, with a valid signature', expected: MALFORMED },
  {
    id: 'doubled-claim',
    why: 'the subject twice, signed by the issuer',
    expected: MALFORMED,
    elsewhere: 'accepted',
  },
  {
    id: 'deep-nesting',
    why: 'a claim of 2000 nested lists, with a valid signature',
    expected: MALFORMED,
    elsewhere: 'accepted',
  },
  { id: 'size-8-kib', why: '8 KiB of invalid payload', expected: MALFORMED },
  { id: 'size-64-kib', why: '64 KiB of invalid payload', expected: TOO_LARGE },
  { id: 'size-256-kib', why: '256 KiB of invalid payload', expected: TOO_LARGE },
] as const satisfies readonly Listed[];

/** By design of the validator; each is a documented case, so that a change of behaviour is seen. */
export const TOLERATED = [
  {
    id: 'within-skew',
    why: 'expired 20 s ago: the validator tolerates 60 s',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'begins-within-skew',
    why: 'not valid for another 30 s: the validator tolerates 60 s',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'without-kid',
    why: 'valid signature, no key id: the validator tries every key',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'audience-list-with-ours',
    why: 'for two services, one is the right one',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'audience-trailing-slash',
    why: 'the right audience with a trailing slash: the validator ignores the slash',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'audience-without-scheme',
    why: 'the right audience without https://: the validator ignores the scheme',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'expiry-missing',
    why: 'without exp: only the issuer can prevent it',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'expiry-zero',
    why: 'exp 0: the validator treats it as missing',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'issued-in-the-future',
    why: 'iat is in an hour: the validator ignores iat',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'unknown-crit',
    why: 'a critical extension that the validator does not support',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'other-form-of-signature',
    why: 'the second valid form of an ECDSA signature',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'loose-base64',
    why: 'other unused bits at the end of the signature: the same bytes',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'leading-dot',
    why: 'a dot before the token: the validator skips empty parts',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'trailing-dot',
    why: 'a dot after the token: the validator skips empty parts',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'padded-base64',
    why: 'the payload has padding, signed by the issuer',
    expected: ACCEPTED,
  },
  {
    id: 'control-bytes',
    why: 'raw control characters in a claim, signed by the issuer',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
] as const satisfies readonly Listed[];
