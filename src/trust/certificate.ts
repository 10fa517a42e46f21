import { X509Certificate } from 'node:crypto';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { type ExtensionFacts, NO_EXTENSIONS, readExtensions } from './certificate-extensions.ts';
import { type Fields, formFaults, readFields } from './certificate-form.ts';
import { childrenOf, readOnly, TAG } from './der.ts';
import { type DirectoryName, legacyNames, readDirectoryName } from './directory-name.ts';
import { type KeyFacts, readKey } from './key-facts.ts';
import { readSignatureAlgorithm } from './signature-algorithm.ts';

/** What a certificate says, as plain data: fit for evidence, reports and comparison. */
export interface CertificateFacts extends ExtensionFacts {
  /** `CN=…, O=…`; empty where the certificate has no subject. */
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  /** SHA-256 over the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly selfIssued: boolean;
  /** The subject for comparison; its RDNs are none where the certificate has no subject. */
  readonly subjectName: DirectoryName;
  /** Names of other kinds inside the subject, as old certificates have them. */
  readonly subjectEmails: readonly string[];
  readonly commonNames: readonly string[];
  readonly key: KeyFacts;
  readonly signatureAlgorithm: string;
  /** Why the signature proves nothing, whoever made it. */
  readonly signatureWeakness: string | undefined;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate that can be read and asked to verify; `facts` is its serialisable side. */
export interface Certificate {
  readonly x509: X509Certificate;
  readonly facts: CertificateFacts;
  /** Distinguished names byte for byte: issuers are matched on these, never on text. */
  readonly subjectDer: Buffer;
  readonly issuerDer: Buffer;
  /** SubjectPublicKeyInfo byte for byte. */
  readonly keyDer: Buffer;
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
  const [body, algorithm] = childrenOf(readOnly(x509.raw, TAG.sequence));
  const fields = readFields(body?.content ?? Buffer.alloc(0));
  const { subject, issuer, key } = fields;
  const signature = readSignatureAlgorithm(algorithm?.content ?? Buffer.alloc(0));
  const facts = {
    ...extensionFacts(fields),
    ...plainFacts(x509),
    ...subjectFacts(subject.content),
    key: readKey(x509, key.raw),
    selfIssued: issuer.raw.equals(subject.raw),
    signatureAlgorithm: signature.name,
    signatureWeakness: signature.weakness,
  };
  return { x509, facts, subjectDer: subject.raw, issuerDer: issuer.raw, keyDer: key.raw };
}

function extensionFacts(fields: Fields): ExtensionFacts {
  const facts = fields.extensions === undefined ? NO_EXTENSIONS : readExtensions(fields.extensions.content);
  const signsWithoutRight = !facts.ca && facts.keyUsage?.includes('keyCertSign') === true;
  return {
    ...facts,
    malformed: [
      ...formFaults(fields),
      ...facts.malformed,
      ...(signsWithoutRight ? ['it may sign certificates, but is not a CA'] : []),
    ],
  };
}

function subjectFacts(rdns: Buffer): Pick<CertificateFacts, 'subjectName' | 'subjectEmails' | 'commonNames'> {
  const { emails, commonNames } = legacyNames(rdns);
  return { subjectName: readDirectoryName(rdns), subjectEmails: emails, commonNames };
}

type PlainFacts = Pick<
  CertificateFacts,
  'subject' | 'issuer' | 'serial' | 'fingerprint' | 'notBefore' | 'notAfter'
>;

function plainFacts(x509: X509Certificate): PlainFacts {
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    serial: x509.serialNumber.toLowerCase(),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    notBefore: x509.validFromDate.getTime(),
    notAfter: x509.validToDate.getTime(),
  };
}

/** Node has one attribute a line, and nothing at all for an empty name. */
function oneLine(name: string | undefined): string {
  return (name ?? '').trim().replaceAll('\n', ', ');
}

/** Values of one kind of the subject alternative names. */
export function altNamesOf(facts: CertificateFacts, kind: 'dns' | 'uri' | 'ip' | 'email'): readonly string[] {
  return facts.altNames.filter((name) => name.kind === kind).map((name) => name.value);
}

/** `CN=… (5f2a9c41…)`: enough to find the certificate again. */
export function labelOf({ subject, altNames, fingerprint }: CertificateFacts): string {
  return `${subject === '' ? (altNames[0]?.value ?? 'no name') : subject} (${fingerprint.slice(0, 8)}…)`;
}
