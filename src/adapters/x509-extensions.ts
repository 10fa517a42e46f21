import { webcrypto } from 'node:crypto';
import type { Extension, JsonGeneralNames, X509Certificate } from '@peculiar/x509';
import type { CertificateNames, CertificateSpec } from '../ports/certificate-authority.ts';
import { encodeNameConstraints } from '../trust/name-constraints.ts';

/** KeyUsage as DER: the library's flags are an enum, and there are only these two uses. */
const DIGITAL_SIGNATURE = Buffer.from([0x03, 0x02, 0x07, 0x80]);
const CERT_AND_CRL_SIGN = Buffer.from([0x03, 0x02, 0x01, 0x06]);

type X509 = typeof import('@peculiar/x509');

/** Extensions of one certificate: what its specification says, and the two key identifiers. */
export async function extensionsFor(
  x509: X509,
  spec: CertificateSpec,
  publicKey: webcrypto.CryptoKey,
  issuer: X509Certificate | undefined,
): Promise<Extension[]> {
  const names = generalNames(spec.names);
  return [
    new x509.BasicConstraintsExtension(spec.ca !== undefined, spec.ca?.pathLength, true),
    new x509.Extension('2.5.29.15', true, spec.ca === undefined ? DIGITAL_SIGNATURE : CERT_AND_CRL_SIGN),
    ...(spec.extendedKeyUsage.length === 0 ? [] : [purposes(x509, spec)]),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names, false)]),
    ...(spec.nameConstraints === undefined ? [] : [constraints(x509, spec.nameConstraints)]),
    await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
    await authorityKeyId(x509, publicKey, issuer),
  ];
}

function purposes(x509: X509, spec: CertificateSpec): Extension {
  return new x509.ExtendedKeyUsageExtension(
    spec.extendedKeyUsage.map((purpose) => x509.ExtendedKeyUsage[purpose]),
  );
}

function constraints(x509: X509, permitted: NonNullable<CertificateSpec['nameConstraints']>): Extension {
  return new x509.Extension('2.5.29.30', true, encodeNameConstraints(permitted));
}

/** The issuer's own SKI where it has one: recomputing it could give another value than it carries. */
async function authorityKeyId(
  x509: X509,
  own: webcrypto.CryptoKey,
  issuer: X509Certificate | undefined,
): Promise<Extension> {
  const keyId = issuer?.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  if (keyId !== undefined) return new x509.AuthorityKeyIdentifierExtension(keyId);
  return x509.AuthorityKeyIdentifierExtension.create(issuer?.publicKey ?? own, false, webcrypto);
}

function generalNames({ dns = [], uri = [], ip = [], email = [] }: CertificateNames): JsonGeneralNames {
  return [
    ...dns.map((value) => ({ type: 'dns' as const, value })),
    ...uri.map((value) => ({ type: 'url' as const, value })),
    ...ip.map((value) => ({ type: 'ip' as const, value })),
    ...email.map((value) => ({ type: 'email' as const, value })),
  ];
}
