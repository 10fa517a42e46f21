import type { CertificateReason } from '../../trust/certificate-reason.ts';

/** What differs from the honest certificate of a component; exactly one thing in each flaw. */
export interface Recipe {
  /**
   * Who signs instead of the component's own authority: a CA that nobody knows, a CA under our name but with
   * a key of its own, the certificate itself, an honest leaf, a CA deeper than the path length allows,
   * a CA that may certify other names only, another mesh with a whole chain of its own, the edge's CA.
   */
  readonly by?:
    | 'stranger'
    | 'namesake'
    | 'itself'
    | 'leaf'
    | 'too-deep'
    | 'constrained'
    | 'other-mesh'
    | 'edge-ca';
  readonly when?: 'past' | 'future';
  readonly names?: 'another' | 'common-name' | 'no-san' | 'ambiguous' | 'spiffe' | 'other-trust-domain';
  /** For servers what is for clients, and the other way round. */
  readonly purpose?: 'swapped';
  readonly key?: 'rsa-1024';
  readonly hash?: 'SHA-1';
  readonly send?: 'leaf-only' | 'with-strangers';
}

/** One way in which a certificate is bad, whoever shows it. */
export interface Flaw {
  readonly id: string;
  readonly why: string;
  /** What our own judge has to find. */
  readonly reason: CertificateReason;
  readonly recipe: Recipe;
}

/** The rows of the matrix of bad certificates; the columns are in verifiers.ts. */
export const FLAWS = [
  { id: 'expired', why: 'expired since yesterday', reason: 'CERT_EXPIRED', recipe: { when: 'past' } },
  {
    id: 'not-yet-valid',
    why: 'not valid before tomorrow',
    reason: 'CERT_NOT_YET_VALID',
    recipe: { when: 'future' },
  },
  {
    id: 'wrong-name',
    why: 'from the right CA, with another name',
    reason: 'CERT_NAME_MISMATCH',
    recipe: { names: 'another' },
  },
  {
    id: 'common-name-only',
    why: 'from the right CA, with the right name only as common name',
    reason: 'CERT_NAME_MISMATCH',
    recipe: { names: 'common-name' },
  },
  {
    id: 'without-san',
    why: 'from the right CA, with the right name as common name and without SAN',
    reason: 'CERT_NAME_MISMATCH',
    recipe: { names: 'no-san' },
  },
  {
    id: 'stranger-ca',
    why: 'the right name, from a CA with another name',
    reason: 'CERT_UNKNOWN_ISSUER',
    recipe: { by: 'stranger' },
  },
  {
    id: 'self-signed',
    why: 'the right name, self-signed',
    reason: 'CERT_UNKNOWN_ISSUER',
    recipe: { by: 'itself' },
  },
  {
    id: 'without-intermediate',
    why: 'valid, but its intermediate is not sent',
    reason: 'CERT_CHAIN_INCOMPLETE',
    recipe: { send: 'leaf-only' },
  },
  {
    id: 'foreign-ca',
    why: 'the right name, from a CA with the same name as the right one',
    reason: 'CERT_BAD_SIGNATURE',
    recipe: { by: 'namesake' },
  },
  {
    id: 'leaf-as-ca',
    why: 'the right name, signed by a certificate that is not a CA',
    reason: 'CERT_NOT_A_CA',
    recipe: { by: 'leaf' },
  },
  {
    id: 'too-deep',
    why: 'the right name, from a CA below a CA that allows no CA below it',
    reason: 'CERT_PATHLEN',
    recipe: { by: 'too-deep' },
  },
  {
    id: 'outside-constraint',
    why: 'a name outside the name constraints of its CA',
    reason: 'CERT_NAME_CONSTRAINT',
    recipe: { by: 'constrained' },
  },
  {
    id: 'wrong-purpose',
    why: 'valid, but only for the other side of a connection',
    reason: 'CERT_WRONG_EKU',
    recipe: { purpose: 'swapped' },
  },
  { id: 'weak-key', why: 'a key of RSA-1024', reason: 'CERT_WEAK_KEY', recipe: { key: 'rsa-1024' } },
  { id: 'weak-hash', why: 'signed with SHA-1', reason: 'CERT_WEAK_SIGNATURE', recipe: { hash: 'SHA-1' } },
  {
    id: 'untidy-chain',
    why: 'valid, but an unrelated certificate is sent between it and its intermediate',
    reason: 'CERT_CHAIN_UNTIDY',
    recipe: { send: 'with-strangers' },
  },
  {
    id: 'ambiguous-name',
    why: 'the right name and a second name that no certificate may have',
    reason: 'CERT_SAN_MALFORMED',
    recipe: { names: 'ambiguous' },
  },
  {
    id: 'spiffe-of-other-mesh',
    why: 'the right SPIFFE ID, with the whole chain of another mesh',
    reason: 'CERT_UNKNOWN_ISSUER',
    recipe: { by: 'other-mesh', names: 'spiffe' },
  },
  {
    id: 'other-trust-domain',
    why: 'from the right CA, with a SPIFFE ID of another trust domain',
    reason: 'CERT_TRUST_DOMAIN',
    recipe: { names: 'other-trust-domain' },
  },
] as const satisfies readonly Flaw[];

export type FlawId = (typeof FLAWS)[number]['id'];

/** Nothing is wrong with it: the control of every cell. */
export const HONEST = {} as const satisfies Recipe;
