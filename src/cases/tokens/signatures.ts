import { ALG_UNSUPPORTED, KEY_NOT_FOUND, type Listed, MALFORMED, SIGNATURE_BAD } from './token-case.ts';

/** An empty third part fails the parser before the algorithm is looked at. */
export const UNSIGNED = [
  { id: 'alg-none', why: 'unsigned, says so', expected: MALFORMED },
  { id: 'alg-none-mixed-case', why: 'unsigned, the algorithm spelt nOnE', expected: MALFORMED },
  { id: 'alg-none-upper-case', why: 'unsigned, the algorithm spelt NONE', expected: MALFORMED },
  { id: 'alg-none-with-signature', why: 'algorithm none with the good signature', expected: ALG_UNSUPPORTED },
  {
    id: 'alg-none-some-signature',
    why: 'algorithm none with two bytes as signature',
    expected: ALG_UNSUPPORTED,
  },
  {
    id: 'alg-none-padded',
    why: 'algorithm none and a blank, with the good signature',
    expected: ALG_UNSUPPORTED,
  },
  { id: 'alg-empty', why: 'the algorithm is an empty text', expected: ALG_UNSUPPORTED },
  { id: 'alg-missing', why: 'the header names no algorithm', expected: ALG_UNSUPPORTED },
] as const satisfies readonly Listed[];

export const CONFUSED = [
  { id: 'hs256-with-public-key', why: 'HMAC with the public key (PEM) as secret', expected: KEY_NOT_FOUND },
  { id: 'hs256-with-public-der', why: 'HMAC with the public key (DER) as secret', expected: KEY_NOT_FOUND },
  { id: 'hs256-with-public-jwk', why: 'HMAC with the public key (JWK) as secret', expected: KEY_NOT_FOUND },
  {
    id: 'hs512-with-public-key',
    why: 'the longer HMAC with the public key as secret',
    expected: KEY_NOT_FOUND,
  },
  { id: 'hs256-empty-secret', why: 'HMAC with a zero byte as secret', expected: KEY_NOT_FOUND },
  { id: 'rs256-own-kid', why: 'an RSA signature under the id of the EC key', expected: KEY_NOT_FOUND },
  { id: 'ps256-own-kid', why: 'an RSA-PSS signature under the id of the EC key', expected: KEY_NOT_FOUND },
  { id: 'es384-own-kid', why: 'a P-384 signature under the id of the P-256 key', expected: KEY_NOT_FOUND },
  { id: 'eddsa-own-kid', why: 'an Ed25519 signature under the id of the EC key', expected: KEY_NOT_FOUND },
] as const satisfies readonly Listed[];

export const SELF_BROUGHT = [
  { id: 'embedded-jwk', why: 'the key of the forger in the header', expected: SIGNATURE_BAD },
  {
    id: 'embedded-jwk-own-kid',
    why: 'the key of the forger in the header, and its id',
    expected: KEY_NOT_FOUND,
  },
  { id: 'jku', why: 'a key set URL of the forger in the header', expected: SIGNATURE_BAD },
  {
    id: 'jku-own-kid',
    why: 'a key set URL of the forger in the header, and his key id',
    expected: KEY_NOT_FOUND,
  },
  { id: 'x5u', why: 'a certificate URL of the forger in the header', expected: SIGNATURE_BAD },
  {
    id: 'x5c',
    why: 'a certificate of the mesh root in the header, signed with its key',
    expected: SIGNATURE_BAD,
  },
] as const satisfies readonly Listed[];

export const TAMPERED = [
  { id: 'no-signature', why: 'the signature is cut off', expected: MALFORMED },
  { id: 'zero-signature', why: 'the signature is 64 zero bytes', expected: SIGNATURE_BAD },
  {
    id: 'truncated-signature',
    why: 'the last 8 bytes of the signature are missing',
    expected: SIGNATURE_BAD,
  },
  { id: 'doubled-signature', why: 'the signature twice, one after the other', expected: SIGNATURE_BAD },
  { id: 'der-signature', why: 'the good signature, encoded as X.509 does', expected: SIGNATURE_BAD },
  { id: 'swapped-halves', why: 'r and s of the signature change places', expected: SIGNATURE_BAD },
  { id: 'blank-secret', why: 'HMAC with the empty secret', expected: KEY_NOT_FOUND },
  { id: 'other-digest', why: 'the right key over another digest', expected: SIGNATURE_BAD },
  { id: 'flipped-signature', why: 'one bit of the signature is changed', expected: SIGNATURE_BAD },
  { id: 'flipped-payload', why: 'one bit of the payload is changed', expected: SIGNATURE_BAD },
  { id: 'flipped-header', why: 'one bit of the header is changed', expected: SIGNATURE_BAD },
  { id: 'tampered-payload', why: 'roles were added after signing', expected: SIGNATURE_BAD },
  { id: 'tampered-header', why: 'the header was changed after signing', expected: SIGNATURE_BAD },
  { id: 'swapped-parts', why: 'header and payload change places', expected: ALG_UNSUPPORTED },
  { id: 'borrowed-signature', why: 'the signature of another good token', expected: SIGNATURE_BAD },
] as const satisfies readonly Listed[];
