/** Why a certificate or a chain is not good: the closed list that checks, messages and docs share. */
export const CERTIFICATE_REASONS = {
  CERT_MISSING: 'the server or client presented no certificate',
  CERT_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not yet valid',
  CERT_NAME_MISMATCH: 'the certificate does not have the expected name',
  CERT_TRUST_DOMAIN: 'the SPIFFE ID belongs to another trust domain',
  CERT_SAN_MALFORMED: 'a subject alternative name is malformed or ambiguous',
  CERT_UNKNOWN_ISSUER: 'the chain ends in a CA that is not trusted',
  CERT_CHAIN_INCOMPLETE: 'an intermediate certificate of the chain was not sent',
  CERT_CHAIN_UNTIDY: 'the sent certificates are not the certification path, or not in order',
  CERT_BAD_SIGNATURE: 'the certificate is not signed by the issuer that it names',
  CERT_NOT_A_CA: 'a certificate is signed by a certificate that is not a CA',
  CERT_PATHLEN: 'more intermediates are below a CA than it allows',
  CERT_NAME_CONSTRAINT: 'a name is outside the name constraints of its CA',
  CERT_WRONG_EKU: 'the certificate is not valid for this purpose',
  CERT_WRONG_KEY_USAGE: 'the key must not be used for TLS signatures',
  CERT_CRITICAL_UNKNOWN: 'a critical extension is not supported',
  CERT_WEAK_KEY: 'the key is too weak',
  CERT_WEAK_SIGNATURE: 'the signature uses an outdated or unknown algorithm',
  CERT_MALFORMED: 'a certificate violates a format rule that verifiers enforce',
  CERT_POLICY: 'a CA requires a certificate policy, and the path has none',
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
