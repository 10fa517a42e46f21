import { ALG_UNSUPPORTED, KEY_NOT_FOUND, type Listed, MALFORMED, SIGNATURE_BAD } from './token-case.ts';

/** An empty third part fails the parser before the algorithm is looked at. */
export const UNSIGNED = [
  { id: 'alg-none', why: 'unsigned, with the algorithm none', expected: MALFORMED },
  { id: 'alg-none-mixed-case', why: 'unsigned, the algorithm spelled nOnE', expected: MALFORMED },
  { id: 'alg-none-upper-case', why: 'unsigned, the algorithm spelled NONE', expected: MALFORMED },
  {
    id: 'alg-none-with-signature',
    why: 'the algorithm none with the valid signature',
    expected: ALG_UNSUPPORTED,
  },
  {
    id: 'alg-none-some-signature',
    why: 'the algorithm none with two bytes as signature',
    expected: ALG_UNSUPPORTED,
  },
  {
    id: 'alg-none-padded',
    why: 'the algorithm none and a space, with the valid signature',
    expected: ALG_UNSUPPORTED,
  },
  { id: 'alg-empty', why: 'the algorithm is an empty string', expected: ALG_UNSUPPORTED },
  { id: 'alg-missing', why: 'the header has no algorithm', expected: ALG_UNSUPPORTED },
] as const satisfies readonly Listed[];

export const CONFUSED = [
  { id: 'hs256-with-public-key', why: 'HMAC with the public key (PEM) as secret', expected: KEY_NOT_FOUND },
  { id: 'hs256-with-public-der', why: 'HMAC with the public key (DER) as secret', expected: KEY_NOT_FOUND },
  { id: 'hs256-with-public-jwk', why: 'HMAC with the public key (JWK) as secret', expected: KEY_NOT_FOUND },
  {
    id: 'hs512-with-public-key',
    why: 'HMAC-SHA-512 with the public key as secret',
    expected: KEY_NOT_FOUND,
  },
  { id: 'hs256-empty-secret', why: 'HMAC with a zero byte as secret', expected: KEY_NOT_FOUND },
  { id: 'rs256-own-kid', why: 'an RSA signature with the id of the EC key', expected: KEY_NOT_FOUND },
  { id: 'ps256-own-kid', why: 'an RSA-PSS signature with the id of the EC key', expected: KEY_NOT_FOUND },
  { id: 'es384-own-kid', why: 'a P-384 signature with the id of the P-256 key', expected: KEY_NOT_FOUND },
  { id: 'eddsa-own-kid', why: 'an Ed25519 signature with the id of the EC key', expected: KEY_NOT_FOUND },
] as const satisfies readonly Listed[];

export const SELF_BROUGHT = [
  { id: 'embedded-jwk', why: 'a foreign key in the header', expected: SIGNATURE_BAD },
  {
    id: 'embedded-jwk-own-kid',
    why: 'a foreign key in the header, and its id',
    expected: KEY_NOT_FOUND,
  },
  { id: 'jku', why: 'a foreign key set URL in the header', expected: SIGNATURE_BAD },
  {
    id: 'jku-own-kid',
    why: 'a foreign key set URL in the header, and its key id',
    expected: KEY_NOT_FOUND,
  },
  { id: 'x5u', why: 'a foreign certificate URL in the header', expected: SIGNATURE_BAD },
  {
    id: 'x5c',
    why: 'a certificate of the mesh root in the header, signed with its key',
    expected: SIGNATURE_BAD,
  },
] as const satisfies readonly Listed[];

export const TAMPERED = [
  { id: 'no-signature', why: 'the signature is missing', expected: MALFORMED },
  { id: 'zero-signature', why: 'the signature is 64 zero bytes', expected: SIGNATURE_BAD },
  {
    id: 'truncated-signature',
    why: 'the last 8 bytes of the signature are missing',
    expected: SIGNATURE_BAD,
  },
  { id: 'doubled-signature', why: 'the signature twice, one after the other', expected: SIGNATURE_BAD },
  { id: 'der-signature', why: 'the valid signature in the encoding of X.509', expected: SIGNATURE_BAD },
  { id: 'swapped-halves', why: 'r and s of the signature are swapped', expected: SIGNATURE_BAD },
  { id: 'blank-secret', why: 'HMAC with an empty secret', expected: KEY_NOT_FOUND },
  { id: 'other-digest', why: 'the right key with another digest', expected: SIGNATURE_BAD },
  { id: 'flipped-signature', why: 'one bit of the signature is changed', expected: SIGNATURE_BAD },
  { id: 'flipped-payload', why: 'one bit of the payload is changed', expected: SIGNATURE_BAD },
  { id: 'flipped-header', why: 'one bit of the header is changed', expected: SIGNATURE_BAD },
  { id: 'tampered-payload', why: 'roles were added after signing', expected: SIGNATURE_BAD },
  { id: 'tampered-header', why: 'the header was changed after signing', expected: SIGNATURE_BAD },
  { id: 'swapped-parts', why: 'header and payload are swapped', expected: ALG_UNSUPPORTED },
  { id: 'borrowed-signature', why: 'the signature of another valid token', expected: SIGNATURE_BAD },
] as const satisfies readonly Listed[];
