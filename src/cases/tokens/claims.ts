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
  { id: 'foreign-key', why: 'another key with the id of the right key', expected: SIGNATURE_BAD },
  { id: 'unknown-kid', why: 'another key with its own id', expected: KEY_NOT_FOUND },
  { id: 'foreign-key-without-kid', why: 'another key, no key id', expected: SIGNATURE_BAD },
  { id: 'kid-empty', why: 'another key, the key id is empty', expected: SIGNATURE_BAD },
  { id: 'kid-path', why: 'another key, the key id is a path', expected: KEY_NOT_FOUND },
  { id: 'kid-query', why: 'another key, the key id contains SQL', expected: KEY_NOT_FOUND },
  { id: 'kid-long', why: 'another key, the key id has 4096 characters', expected: KEY_NOT_FOUND },
  { id: 'kid-number', why: 'another key, the key id is a number', expected: MALFORMED },
  { id: 'kid-list', why: 'another key, the key id is a list with the right one', expected: MALFORMED },
  { id: 'kid-null', why: 'another key, the key id is null', expected: MALFORMED },
  { id: 'kid-doubled', why: 'another key, its id first and the right one after it', expected: MALFORMED },
] as const satisfies readonly Listed[];

export const OTHER_ISSUER = [
  { id: 'wrong-issuer', why: 'another issuer, valid signature', expected: ISSUER_UNKNOWN },
  { id: 'issuer-trailing-slash', why: 'the right issuer with a trailing slash', expected: ISSUER_UNKNOWN },
  { id: 'issuer-http', why: 'the right issuer with http', expected: ISSUER_UNKNOWN },
  { id: 'issuer-prefix', why: 'another issuer that starts with the right one', expected: ISSUER_UNKNOWN },
  { id: 'issuer-suffix', why: 'another issuer that ends with the right one', expected: ISSUER_UNKNOWN },
  { id: 'issuer-tenant', why: 'another tenant of the right issuer', expected: ISSUER_UNKNOWN },
  { id: 'issuer-upper-case', why: 'the right issuer in upper case', expected: ISSUER_UNKNOWN },
  { id: 'issuer-missing', why: 'no issuer', expected: ISSUER_UNKNOWN },
  { id: 'issuer-list', why: 'the right issuer in a list', expected: MALFORMED },
] as const satisfies readonly Listed[];

export const OTHER_AUDIENCE = [
  { id: 'wrong-audience', why: 'for another service', expected: AUDIENCE_WRONG },
  { id: 'audience-substring', why: 'the right audience with a suffix', expected: AUDIENCE_WRONG },
  { id: 'audience-upper-case', why: 'the right audience in upper case', expected: AUDIENCE_WRONG },
  { id: 'audience-client', why: 'for the client that requested it', expected: AUDIENCE_WRONG },
  { id: 'audience-list-without-ours', why: 'for two other services', expected: AUDIENCE_WRONG },
  { id: 'audience-empty-list', why: 'an empty audience', expected: AUDIENCE_WRONG },
  { id: 'audience-missing', why: 'without an audience', expected: AUDIENCE_WRONG },
  { id: 'audience-number', why: 'the audience is a number', expected: MALFORMED },
] as const satisfies readonly Listed[];

export const OUT_OF_TIME = [
  { id: 'expired', why: 'expired an hour ago', expected: EXPIRED },
  { id: 'expired-beyond-skew', why: 'expired 75 s ago, beyond the tolerance of 60 s', expected: EXPIRED },
  { id: 'not-yet-valid', why: 'not valid for another hour', expected: NOT_YET_VALID },
  {
    id: 'not-yet-valid-beyond-skew',
    why: 'not valid for another 90 s, beyond the tolerance of 60 s',
    expected: NOT_YET_VALID,
  },
  { id: 'expiry-negative', why: 'expired before 1970', expected: MALFORMED },
  { id: 'expiry-as-text', why: 'exp is a string, not a number', expected: MALFORMED },
  {
    id: 'expiry-huge',
    why: 'exp is a number beyond any clock',
    expected: MALFORMED,
    elsewhere: 'accepted',
  },
  { id: 'beginning-as-text', why: 'nbf is a string, not a number', expected: MALFORMED },
] as const satisfies readonly Listed[];
