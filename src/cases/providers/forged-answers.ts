/** Answers that a login of ours must refuse: what is wrong with each, and what the refusal has to be about. */
export const FORGED_ANSWERS = [
  { id: 'state-other', why: 'the state of another login', about: '"state"' },
  { id: 'state-missing', why: 'no state', about: '"state"' },
  { id: 'iss-other', why: 'the answer of another issuer', about: '"iss"' },
  { id: 'iss-missing', why: 'an answer without its issuer', about: '"iss"' },
  { id: 'nonce-other', why: 'an ID token of another login', about: '"nonce"' },
  { id: 'nonce-missing', why: 'an ID token without a nonce', about: '"nonce"' },
  { id: 'id-token-issuer', why: 'an ID token of another issuer', about: '"iss"' },
  { id: 'id-token-audience', why: 'an ID token for another client', about: '"aud"' },
  { id: 'id-token-expired', why: 'an expired ID token', about: '"exp"' },
  { id: 'id-token-foreign-key', why: 'an ID token signed with a foreign key', about: 'signature' },
  { id: 'id-token-unsigned', why: 'an ID token without a signature', about: '"alg"' },
  { id: 'id-token-missing', why: 'no ID token', about: '"id_token"' },
] as const;

export type ForgedAnswerId = (typeof FORGED_ANSWERS)[number]['id'];
