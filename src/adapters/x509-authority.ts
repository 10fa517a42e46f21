import { randomBytes, webcrypto } from 'node:crypto';
import type { X509Certificate } from '@peculiar/x509';
import type {
  CertificateAuthority,
  IssueRequest,
  KeyKind,
  SigningPair,
} from '../ports/certificate-authority.ts';
import { extensionsFor } from './x509-extensions.ts';

type X509 = typeof import('@peculiar/x509');

const ALGORITHMS = {
  'ec-p256': { name: 'ECDSA', namedCurve: 'P-256' },
  'rsa-2048': rsa(2048),
  'rsa-1024': rsa(1024),
} as const;

function rsa(modulusLength: number) {
  return {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: 'SHA-256',
  };
}

/** An issuer as the library has it. */
interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

/** Certificates by @peculiar/x509 over the platform's own cryptography. */
export function createX509Authority(): CertificateAuthority {
  // Reading one costs as much as what it signs, and it signs many.
  const read = new Map<string, Promise<Issuer>>();
  const issuerOf = (x509: X509, pair: SigningPair): Promise<Issuer> => {
    // Two of them may share a certificate: a forger signs in the name of another.
    const id = pair.certificatePem + pair.keyPem;
    const known = read.get(id) ?? readIssuer(x509, pair);
    read.set(id, known);
    return known;
  };
  return {
    issue: async (request) => {
      const x509 = await load();
      const { issuer } = request;
      return issue(x509, request, issuer === undefined ? undefined : await issuerOf(x509, issuer));
    },
  };
}

async function readIssuer(x509: X509, { certificatePem, keyPem }: SigningPair): Promise<Issuer> {
  return { certificate: new x509.X509Certificate(certificatePem), key: await importKey(x509, keyPem) };
}

/** The library resolves its parts through decorators and throws unless this polyfill came first. */
async function load(): Promise<X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

async function issue(
  x509: X509,
  { spec, validity }: IssueRequest,
  issuer: Issuer | undefined,
): Promise<SigningPair> {
  const keys = await generateKeys(spec.key ?? 'ec-p256');
  const subject = [
    { CN: [spec.commonName] },
    ...(spec.organization === undefined ? [] : [{ O: [spec.organization] }]),
  ];
  const signingKey = issuer?.key ?? keys.privateKey;
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: randomSerial(),
      subject,
      // The parsed name, not its text: a round trip through text would change the encoding of attributes.
      issuer: issuer?.certificate.subjectName ?? subject,
      ...validity,
      signingAlgorithm: signingAlgorithm(signingKey, spec.hash ?? 'SHA-256'),
      publicKey: keys.publicKey,
      signingKey,
      extensions: await extensionsFor(x509, spec, keys.publicKey, issuer?.certificate),
    },
    webcrypto,
  );
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    keyPem: await exportKey(x509, keys.privateKey),
  };
}

async function generateKeys(kind: KeyKind): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHMS[kind], true, ['sign', 'verify']);
}

/** 159 random bits: positive, 20 octets at most, never predictable. */
function randomSerial(): string {
  const serial = randomBytes(20);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  return serial.toString('hex');
}

function signingAlgorithm(key: webcrypto.CryptoKey, hash: string): { name: string; hash: string } {
  return { name: key.algorithm.name, hash };
}

async function importKey(x509: X509, pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = x509.PemConverter.decode(pem);
  if (der === undefined) throw new TypeError('the key of the issuer is not in PEM form');
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHMS['ec-p256'], false, ['sign']);
}

async function exportKey(x509: X509, key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}
