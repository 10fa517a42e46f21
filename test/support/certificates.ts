import { createX509Authority } from '../../src/adapters/x509-authority.ts';
import type { CertificateSpec, SigningPair, Validity } from '../../src/ports/certificate-authority.ts';
import { type Certificate, parseCertificate } from '../../src/trust/certificate.ts';

const authority = createX509Authority();

export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const DAY = 86_400_000;

/** From `from` to `until` days after NOW. */
export function days(from: number, until: number): Validity {
  return { notBefore: new Date(NOW + from * DAY), notAfter: new Date(NOW + until * DAY) };
}

/** A certificate of a made-up authority, with its key and its facts. */
export interface Made extends SigningPair {
  readonly certificate: Certificate;
}

export async function make(
  spec: Partial<CertificateSpec> & { readonly commonName: string },
  issuer?: SigningPair,
  validity = days(-1, 30),
): Promise<Made> {
  const whole = { names: {}, extendedKeyUsage: [], ...spec };
  const pair = await authority.issue({ spec: whole, validity, ...(issuer === undefined ? {} : { issuer }) });
  return { ...pair, certificate: parseCertificate(pair.certificatePem) };
}

/** Any depth below it unless said otherwise. */
export async function makeCa(
  commonName: string,
  issuer?: SigningPair,
  more: Partial<CertificateSpec> = {},
  validity?: Validity,
): Promise<Made> {
  return make({ commonName, ca: { pathLength: undefined }, ...more }, issuer, validity);
}

export async function makeServer(
  name: string,
  issuer: SigningPair | undefined,
  more: Partial<CertificateSpec> = {},
  validity?: Validity,
): Promise<Made> {
  return make(
    { commonName: name, names: { dns: [name] }, extendedKeyUsage: ['serverAuth'], ...more },
    issuer,
    validity,
  );
}
