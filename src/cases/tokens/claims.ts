import {
  AUDIENCE_WRONG,
  EXPIRED,
  ISSUER_UNKNOWN,
  KEY_NOT_FOUND,
  type Listed,
  MALFORMED,
  NOT_YET_VALID,
  SIGNATURE_BAD,
} from './token-case.ts';

/** All signed by a key that is not the issuer's. */
export const FOREIGN = [
  { id: 'foreign-key', why: 'another key under the id of the good one', expected: SIGNATURE_BAD },
  { id: 'unknown-kid', why: 'another key under its own id', expected: KEY_NOT_FOUND },
  { id: 'foreign-key-without-kid', why: 'another key, no key id', expected: SIGNATURE_BAD },
  { id: 'kid-empty', why: 'another key, the key id is empty', expected: SIGNATURE_BAD },
  { id: 'kid-path', why: 'another key, the key id is a path', expected: KEY_NOT_FOUND },
  { id: 'kid-query', why: 'another key, the key id is a piece of SQL', expected: KEY_NOT_FOUND },
  { id: 'kid-long', why: 'another key, the key id has 4096 characters', expected: KEY_NOT_FOUND },
  { id: 'kid-number', why: 'another key, the key id is a number', expected: MALFORMED },
  { id: 'kid-list', why: 'another key, the key id is a list with the good one', expected: MALFORMED },
  { id: 'kid-null', why: 'another key, the key id is null', expected: MALFORMED },
  { id: 'kid-doubled', why: 'another key, its id first and the good one after it', expected: MALFORMED },
] as const satisfies readonly Listed[];

export const OTHER_ISSUER = [
  { id: 'wrong-issuer', why: 'issued by somebody else, signed well', expected: ISSUER_UNKNOWN },
  { id: 'issuer-trailing-slash', why: 'our issuer and a slash', expected: ISSUER_UNKNOWN },
  { id: 'issuer-http', why: 'our issuer with http', expected: ISSUER_UNKNOWN },
  { id: 'issuer-prefix', why: 'our issuer as the beginning of another', expected: ISSUER_UNKNOWN },
  { id: 'issuer-suffix', why: 'our issuer as the end of another', expected: ISSUER_UNKNOWN },
  { id: 'issuer-tenant', why: 'another tenant of our issuer', expected: ISSUER_UNKNOWN },
  { id: 'issuer-upper-case', why: 'our issuer in capitals', expected: ISSUER_UNKNOWN },
  { id: 'issuer-missing', why: 'no issuer at all', expected: ISSUER_UNKNOWN },
  { id: 'issuer-list', why: 'our issuer in a list', expected: MALFORMED },
] as const satisfies readonly Listed[];

export const OTHER_AUDIENCE = [
  { id: 'wrong-audience', why: 'for another service', expected: AUDIENCE_WRONG },
  { id: 'audience-substring', why: 'our audience and more', expected: AUDIENCE_WRONG },
  { id: 'audience-upper-case', why: 'our audience in capitals', expected: AUDIENCE_WRONG },
  { id: 'audience-client', why: 'for the client that asked for it', expected: AUDIENCE_WRONG },
  { id: 'audience-list-without-ours', why: 'for two other services', expected: AUDIENCE_WRONG },
  { id: 'audience-empty-list', why: 'for nobody', expected: AUDIENCE_WRONG },
  { id: 'audience-missing', why: 'without an audience', expected: AUDIENCE_WRONG },
  { id: 'audience-number', why: 'the audience is a number', expected: MALFORMED },
] as const satisfies readonly Listed[];

export const OUT_OF_TIME = [
  { id: 'expired', why: 'ended an hour ago', expected: EXPIRED },
  { id: 'expired-beyond-skew', why: 'ended 75 s ago, past the 60 s of tolerance', expected: EXPIRED },
  { id: 'not-yet-valid', why: 'begins in an hour', expected: NOT_YET_VALID },
  {
    id: 'not-yet-valid-beyond-skew',
    why: 'begins in 90 s, past the 60 s of tolerance',
    expected: NOT_YET_VALID,
  },
  { id: 'expiry-negative', why: 'ended before 1970', expected: MALFORMED },
  { id: 'expiry-as-text', why: 'the end is a text, not a number', expected: MALFORMED },
  {
    id: 'expiry-huge',
    why: 'the end is a number that no clock reaches',
    expected: MALFORMED,
    elsewhere: 'accepted',
  },
  { id: 'beginning-as-text', why: 'the beginning is a text, not a number', expected: MALFORMED },
] as const satisfies readonly Listed[];
