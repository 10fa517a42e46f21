import { ACCEPTED, AUDIENCE_WRONG, type Listed, MALFORMED, TOO_LARGE } from './token-case.ts';

/** Good for something, but not for this. */
export const OTHER_KIND = [
  { id: 'id-token', why: 'the ID token of the same login', expected: AUDIENCE_WRONG },
  { id: 'refresh-token', why: 'the refresh token of the same login', expected: MALFORMED },
  { id: 'logout-token', why: 'a logout token for the client, signed well', expected: AUDIENCE_WRONG },
  { id: 'encrypted', why: 'a good token encrypted to the public key of the issuer', expected: MALFORMED },
  { id: 'nested', why: 'a good token as the payload of another, both signed well', expected: MALFORMED },
] as const satisfies readonly Listed[];

export const MISSHAPEN = [
  { id: 'one-part', why: 'no dot at all', expected: MALFORMED },
  { id: 'two-parts', why: 'no second dot', expected: MALFORMED },
  { id: 'four-parts', why: 'a part too many', expected: MALFORMED },
  { id: 'empty-parts', why: 'nothing but two dots', expected: MALFORMED },
  { id: 'not-base64', why: 'the payload is not base64url', expected: MALFORMED },
  { id: 'not-json', why: 'the payload is not JSON', expected: MALFORMED },
  { id: 'payload-list', why: 'the payload is a list, signed well', expected: MALFORMED },
  {
    id: 'doubled-claim',
    why: 'the subject twice, signed so by the issuer',
    expected: MALFORMED,
    elsewhere: 'accepted',
  },
  {
    id: 'deep-nesting',
    why: 'a claim of 2000 lists within each other, signed well',
    expected: MALFORMED,
    elsewhere: 'accepted',
  },
  { id: 'size-8-kib', why: '8 KiB of payload that is none', expected: MALFORMED },
  { id: 'size-64-kib', why: '64 KiB of payload that is none', expected: TOO_LARGE },
  { id: 'size-256-kib', why: '256 KiB of payload that is none', expected: TOO_LARGE },
] as const satisfies readonly Listed[];

/** By design of the validator; each is a documented case, so that a change of behaviour is seen. */
export const TOLERATED = [
  {
    id: 'within-skew',
    why: 'ended 20 s ago: the validator tolerates 60 s',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'begins-within-skew',
    why: 'begins in 30 s: the validator tolerates 60 s',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'without-kid',
    why: 'signed well, no key id: every key is tried',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'audience-list-with-ours',
    why: 'for two services, one is ours',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'audience-trailing-slash',
    why: 'our audience and a slash: the validator drops it',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'audience-without-scheme',
    why: 'our audience without https://: the validator drops that too',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'expiry-missing',
    why: 'without an end: only the issuer can forbid it',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'expiry-zero',
    why: 'an end of 0 is taken for none',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'issued-in-the-future',
    why: 'issued in an hour: nobody looks at that',
    expected: ACCEPTED,
    elsewhere: 'accepted',
  },
  {
    id: 'unknown-crit',
    why: 'an extension that must be understood, and is not',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
  {
    id: 'other-form-of-signature',
    why: 'the second valid signature that follows from each of ECDSA',
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
    why: 'the payload has padding, signed so by the issuer',
    expected: ACCEPTED,
  },
  {
    id: 'control-bytes',
    why: 'raw control bytes in a claim, signed so by the issuer',
    expected: ACCEPTED,
    elsewhere: 'refused',
  },
] as const satisfies readonly Listed[];
