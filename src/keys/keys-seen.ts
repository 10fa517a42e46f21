import type { Certificate } from '../trust/certificate.ts';
import type { CertificateId } from './key-specs.ts';

/** What the key store of a lab holds; private keys are not part of it. */
export interface KeysSeen {
  readonly certificates: Readonly<Record<CertificateId, CertificateSeen>>;
  readonly idp: IdpSecretsSeen;
  /** SHA-256 fingerprint of the exported edge root; undefined when the file is missing or not readable. */
  readonly rootFile: string | undefined;
}

export type CertificateSeen =
  | { readonly kind: 'absent' }
  /** There is a file, but no certificate with its own key in it. */
  | { readonly kind: 'unusable'; readonly why: string }
  | { readonly kind: 'present'; readonly certificate: Certificate };

export type IdpSecretsSeen =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly why: string }
  | { readonly kind: 'present'; readonly users: readonly string[]; readonly clients: readonly string[] };
