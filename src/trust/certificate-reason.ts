/** Why a certificate or a chain is not good: the closed list that checks, messages and docs share. */
export const CERTIFICATE_REASONS = {
  CERT_MISSING: 'no certificate was shown',
  CERT_EXPIRED: 'the certificate is past its end',
  CERT_NOT_YET_VALID: 'the certificate is before its beginning',
  CERT_NAME_MISMATCH: 'the certificate does not name the component that was asked for',
  CERT_TRUST_DOMAIN: 'the SPIFFE ID is of another trust domain',
  CERT_SAN_MALFORMED: 'a subject alternative name is malformed or ambiguous',
  CERT_UNKNOWN_ISSUER: 'the chain ends in a CA that is not trusted here',
  CERT_CHAIN_INCOMPLETE: 'an intermediate that the chain needs was not sent',
  CERT_CHAIN_UNTIDY: 'certificates were sent that are not the path, or not in its order',
  CERT_BAD_SIGNATURE: 'the issuer that the certificate names did not sign it',
  CERT_NOT_A_CA: 'a certificate that may not sign certificates signed one',
  CERT_PATHLEN: 'there are more intermediates below a CA than it allows',
  CERT_NAME_CONSTRAINT: 'a name lies outside what its CA may certify',
  CERT_WRONG_EKU: 'the certificate is not meant for this purpose',
  CERT_WRONG_KEY_USAGE: 'the key may not be used for TLS signatures',
  CERT_CRITICAL_UNKNOWN: 'a critical extension is not understood',
  CERT_WEAK_KEY: 'the key is too weak',
  CERT_WEAK_SIGNATURE: 'the signature uses an outdated or unknown algorithm',
  CERT_MALFORMED: 'a certificate breaks a rule of its format that verifiers insist on',
  CERT_POLICY: 'a CA requires a certificate policy, and the path is for none',
} as const;

export type CertificateReason = keyof typeof CERTIFICATE_REASONS;

/** One thing that is wrong with a certificate or a chain. */
export interface CertificateFinding {
  readonly code: CertificateReason;
  /** What was seen: names, dates, fingerprints. */
  readonly message: string;
}

export function finding(code: CertificateReason, message: string): CertificateFinding {
  return { code, message };
}
