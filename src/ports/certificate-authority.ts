import type { ConstraintName } from '../trust/name-constraints.ts';

/*
 * Making certificates. The same port makes the lab's own and the forgeries that negatives show, so
 * it judges nothing: whatever is asked for is issued.
 */

/** What a certificate is to say, apart from its time and its issuer. */
export interface CertificateSpec {
  readonly commonName: string;
  readonly organization?: string;
  readonly names: CertificateNames;
  /** Missing = no CA. `pathLength` 0 = may sign leaves only; `undefined` = any depth. */
  readonly ca?: { readonly pathLength: number | undefined };
  /** Always critical when given. */
  readonly nameConstraints?: readonly ConstraintName[];
  /** Empty = no such extension. */
  readonly extendedKeyUsage: readonly ('serverAuth' | 'clientAuth')[];
  /** Default `ec-p256`; the others are for certificates that a verifier must refuse. */
  readonly key?: KeyKind;
  /** Default SHA-256. */
  readonly hash?: 'SHA-256' | 'SHA-1';
}

export type KeyKind = 'ec-p256' | 'rsa-2048' | 'rsa-1024';

export interface CertificateNames {
  readonly dns?: readonly string[];
  readonly uri?: readonly string[];
  readonly ip?: readonly string[];
  readonly email?: readonly string[];
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate with its private key, both PEM (PKCS #8). */
export interface SigningPair {
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface IssueRequest {
  readonly spec: CertificateSpec;
  readonly validity: Validity;
  /** Missing = self-signed. Issuers have P-256 keys. */
  readonly issuer?: SigningPair;
}

export interface CertificateAuthority {
  /** A new key and its certificate: random serial, SKI, AKI of the issuer. */
  issue(request: IssueRequest): Promise<SigningPair>;
}

const HOUR_MS = 3_600_000;

/** From one hour before `at` (clocks differ) until `days` after it. */
export function validFor(at: Date, days: number): Validity {
  return {
    notBefore: new Date(at.getTime() - HOUR_MS),
    notAfter: new Date(at.getTime() + days * 24 * HOUR_MS),
  };
}
