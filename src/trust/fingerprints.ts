import { parseCertificates } from './certificate.ts';

/** SHA-256 over the DER of each certificate of a PEM text, lower-case hexadecimal. */
export function fingerprintsOf(pem: string): readonly string[] {
  return parseCertificates(pem).map((certificate) => certificate.facts.fingerprint);
}
