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
  { id: 'expired', why: 'good until yesterday', reason: 'CERT_EXPIRED', recipe: { when: 'past' } },
  {
    id: 'not-yet-valid',
    why: 'good from tomorrow',
    reason: 'CERT_NOT_YET_VALID',
    recipe: { when: 'future' },
  },
  {
    id: 'wrong-name',
    why: 'by the right CA, with another name',
    reason: 'CERT_NAME_MISMATCH',
    recipe: { names: 'another' },
  },
  {
    id: 'common-name-only',
    why: 'by the right CA, the right name only as common name',
    reason: 'CERT_NAME_MISMATCH',
    recipe: { names: 'common-name' },
  },
  {
    id: 'without-san',
    why: 'by the right CA, the right name as common name and no SAN at all',
    reason: 'CERT_NAME_MISMATCH',
    recipe: { names: 'no-san' },
  },
  {
    id: 'stranger-ca',
    why: 'the right name, by a CA of another name',
    reason: 'CERT_UNKNOWN_ISSUER',
    recipe: { by: 'stranger' },
  },
  {
    id: 'self-signed',
    why: 'the right name, signed by itself',
    reason: 'CERT_UNKNOWN_ISSUER',
    recipe: { by: 'itself' },
  },
  {
    id: 'without-intermediate',
    why: 'good, but its intermediate is not sent',
    reason: 'CERT_CHAIN_INCOMPLETE',
    recipe: { send: 'leaf-only' },
  },
  {
    id: 'foreign-ca',
    why: 'the right name, by a CA that only calls itself like ours',
    reason: 'CERT_BAD_SIGNATURE',
    recipe: { by: 'namesake' },
  },
  {
    id: 'leaf-as-ca',
    why: 'the right name, signed by a certificate that is no CA',
    reason: 'CERT_NOT_A_CA',
    recipe: { by: 'leaf' },
  },
  {
    id: 'too-deep',
    why: 'the right name, by a CA below one that allows none',
    reason: 'CERT_PATHLEN',
    recipe: { by: 'too-deep' },
  },
  {
    id: 'outside-constraint',
    why: 'a name that lies outside what its CA may certify',
    reason: 'CERT_NAME_CONSTRAINT',
    recipe: { by: 'constrained' },
  },
  {
    id: 'wrong-purpose',
    why: 'good, but for the other end of a connection only',
    reason: 'CERT_WRONG_EKU',
    recipe: { purpose: 'swapped' },
  },
  { id: 'weak-key', why: 'a key of RSA-1024', reason: 'CERT_WEAK_KEY', recipe: { key: 'rsa-1024' } },
  { id: 'weak-hash', why: 'signed over SHA-1', reason: 'CERT_WEAK_SIGNATURE', recipe: { hash: 'SHA-1' } },
  {
    id: 'untidy-chain',
    why: 'good, but a stranger is sent between it and its intermediate',
    reason: 'CERT_CHAIN_UNTIDY',
    recipe: { send: 'with-strangers' },
  },
  {
    id: 'ambiguous-name',
    why: 'the right name beside one that no certificate may have',
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
    why: 'by the right CA, with a SPIFFE ID of another trust domain',
    reason: 'CERT_TRUST_DOMAIN',
    recipe: { names: 'other-trust-domain' },
  },
] as const satisfies readonly Flaw[];

export type FlawId = (typeof FLAWS)[number]['id'];

/** Nothing is wrong with it: the control of every cell. */
export const HONEST = {} as const satisfies Recipe;
