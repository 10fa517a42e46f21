import { type KeyObject, X509Certificate } from 'node:crypto';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { type ExtensionFacts, NO_EXTENSIONS, readExtensions } from './certificate-extensions.ts';
import { childrenOf, type DerNode, oidText, readDer } from './der.ts';

/** What a certificate says, as plain data: fit for evidence, reports and comparison. */
export interface CertificateFacts extends ExtensionFacts {
  /** `CN=…, O=…`; empty where the certificate has no subject. */
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  /** SHA-256 over the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly selfIssued: boolean;
  readonly key: KeyFacts;
  readonly signatureAlgorithm: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

interface KeyFacts {
  /** `ec`, `rsa`, `ed25519` …; `unknown` when OpenSSL does not know it. */
  readonly type: string;
  /** Size of the modulus or the curve; 0 when not known. */
  readonly bits: number;
}

/** A certificate that can be read and asked to verify; `facts` is its serialisable side. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly facts: CertificateFacts;
  /** Distinguished names byte for byte: issuers are matched on these, never on text. */
  readonly subjectDer: Buffer;
  readonly issuerDer: Buffer;
}

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Judges of every hop read the same certificates again and again, and reading is most of their work. */
const known = new Map<string, Certificate>();
const MOST_KNOWN = 1_000;

/**
 * All certificates of a PEM text in their order; other PEM blocks are passed over.
 * @throws MeshdevError CERTIFICATE_UNREADABLE
 */
export function parseCertificates(pem: string): readonly Certificate[] {
  return (pem.match(PEM_BLOCK) ?? []).map((block) => {
    const certificate = known.get(block) ?? parseCertificate(block);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(block, certificate);
    return certificate;
  });
}

/** @throws MeshdevError CERTIFICATE_UNREADABLE */
export function parseCertificate(input: string | Uint8Array): Certificate {
  try {
    const x509 = new X509Certificate(input);
    return assemble(x509);
  } catch (cause) {
    throw new MeshdevError('CERTIFICATE_UNREADABLE', {
      message: `reading a certificate: ${textOf(cause)}`,
      cause,
    });
  }
}

function assemble(x509: X509Certificate): Certificate {
  const [body, algorithm] = childrenOf(readDer(x509.raw).content);
  const fields = childrenOf(body?.content ?? Buffer.alloc(0));
  // The version is optional, so every later field is counted from the serial number.
  const [, , issuer, , subject] = fields.filter((field) => field.tag !== 0xa0);
  const extensions = fields.find((field) => field.tag === 0xa3);
  if (issuer === undefined || subject === undefined) throw new RangeError('issuer or subject is missing');
  const facts = {
    ...(extensions === undefined ? NO_EXTENSIONS : readExtensions(extensions.content)),
    ...plainFacts(x509),
    selfIssued: issuer.raw.equals(subject.raw),
    signatureAlgorithm: signatureName(algorithm),
  };
  return { x509, facts, subjectDer: subject.raw, issuerDer: issuer.raw };
}

type PlainFacts = Pick<
  CertificateFacts,
  'subject' | 'issuer' | 'serial' | 'fingerprint' | 'key' | 'notBefore' | 'notAfter'
>;

function plainFacts(x509: X509Certificate): PlainFacts {
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    serial: x509.serialNumber.toLowerCase(),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    key: keyFacts(x509),
    notBefore: x509.validFromDate.getTime(),
    notAfter: x509.validToDate.getTime(),
  };
}

/** Node has one attribute a line, and nothing at all for an empty name. */
function oneLine(name: string | undefined): string {
  return (name ?? '').trim().replaceAll('\n', ', ');
}

const CURVE_BITS: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp224r1: 224,
};

function keyFacts(x509: X509Certificate): KeyFacts {
  const key = publicKeyOf(x509);
  if (key === undefined) return { type: 'unknown', bits: 0 };
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType ?? 'unknown';
  if (type === 'ed25519') return { type, bits: 256 };
  return { type, bits: modulusLength ?? CURVE_BITS[namedCurve ?? ''] ?? 0 };
}

/** OpenSSL refuses to load some keys of a certificate that it otherwise reads. */
export function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined;
  }
}

const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.3.2': 'ecdsa-sha256',
  '1.2.840.10045.4.3.3': 'ecdsa-sha384',
  '1.2.840.10045.4.3.4': 'ecdsa-sha512',
  '1.2.840.10045.4.1': 'ecdsa-sha1',
  '1.2.840.113549.1.1.4': 'rsa-md5',
  '1.2.840.113549.1.1.5': 'rsa-sha1',
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.113549.1.1.11': 'rsa-sha256',
  '1.2.840.113549.1.1.12': 'rsa-sha384',
  '1.2.840.113549.1.1.13': 'rsa-sha512',
  '1.3.101.112': 'ed25519',
};

function signatureName(algorithm: DerNode | undefined): string {
  const oid = oidText(childrenOf(algorithm?.content ?? Buffer.alloc(0))[0]?.content ?? Buffer.alloc(0));
  return SIGNATURES[oid] ?? oid;
}

/** Values of one kind of the subject alternative names. */
export function altNamesOf(facts: CertificateFacts, kind: 'dns' | 'uri' | 'ip' | 'email'): readonly string[] {
  return facts.altNames.filter((name) => name.kind === kind).map((name) => name.value);
}

/** `CN=… (5f2a9c41…)`: enough to find the certificate again. */
export function labelOf({ subject, altNames, fingerprint }: CertificateFacts): string {
  return `${subject === '' ? (altNames[0]?.value ?? 'no name') : subject} (${fingerprint.slice(0, 8)}…)`;
}
