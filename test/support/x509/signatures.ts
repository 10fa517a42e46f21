import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  sign,
  type SignPrivateKeyInput,
} from 'node:crypto';
import { bitString, integer, integerOf, NULL, oid, sequence, wrapped } from './der-parts.ts';

/** A key pair of a made-up party: the public half as it shall stand in the certificate. */
export interface Key {
  readonly publicDer: Buffer;
  /** Octets of the signature on `data`, by the algorithm that the certificate names. */
  sign(data: Buffer, by: Algorithm): Buffer;
}

/** What a certificate says of its signature, and how that signature is made. */
export interface Algorithm {
  readonly der: Buffer;
  readonly hash: string | undefined;
  readonly options?: Omit<SignPrivateKeyInput, 'key'>;
}

function keyOf(pair: { publicKey: KeyObject; privateKey: KeyObject }): Key {
  return {
    publicDer: pair.publicKey.export({ type: 'spki', format: 'der' }),
    sign: (data, { hash, options }) => sign(hash, data, { key: pair.privateKey, ...options }),
  };
}

export function ecKey(namedCurve = 'P-256', paramEncoding: 'named' | 'explicit' = 'named'): Key {
  return keyOf(generateKeyPairSync('ec', { namedCurve, paramEncoding }));
}

export function edKey(): Key {
  return keyOf(generateKeyPairSync('ed25519'));
}

/** RSA keys are slow to make: one of each size does. */
const rsaKeys = new Map<number, Key>();

export function rsaKey(modulusLength = 2048): Key {
  const key = rsaKeys.get(modulusLength) ?? keyOf(generateKeyPairSync('rsa', { modulusLength }));
  rsaKeys.set(modulusLength, key);
  return key;
}

/** With the exponent 1 the padded hash is its own signature: anybody can make it. */
export function exponentOneKey(): Key {
  const modulus = Buffer.concat([Buffer.from([0, 0xc1]), Buffer.alloc(254, 0x5b), Buffer.from([0x5d])]);
  const rsa = sequence(integerOf(modulus), integer(1));
  return {
    publicDer: sequence(sequence(oid('1.2.840.113549.1.1.1'), NULL), bitString(rsa)),
    sign: (data) => {
      const digest = createHash('sha256').update(data).digest();
      const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex');
      const padding = Buffer.alloc(256 - 3 - prefix.length - digest.length, 0xff);
      return Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), prefix, digest]);
    },
  };
}

const SHA = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1', sha384: '2.16.840.1.101.3.4.2.2' };

const named = (type: string, hash: string | undefined, ...parameters: readonly Buffer[]): Algorithm => ({
  der: sequence(oid(type), ...parameters),
  hash,
});

/** RSASSA-PSS; `shown` is what stands in the certificate. */
function pss(hash: keyof typeof SHA, saltLength: number, shown = pssParameters(hash, hash, saltLength)) {
  return {
    der: sequence(oid('1.2.840.113549.1.1.10'), shown),
    hash,
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
  };
}

function pssParameters(hash: keyof typeof SHA, mgf: keyof typeof SHA, saltLength: number): Buffer {
  const algorithm = (type: string): Buffer => sequence(oid(type), NULL);
  return sequence(
    wrapped(0, algorithm(SHA[hash])),
    wrapped(1, sequence(oid('1.2.840.113549.1.1.8'), algorithm(SHA[mgf]))),
    wrapped(2, integer(saltLength)),
  );
}

export const ALGORITHMS = {
  ecdsaSha256: named('1.2.840.10045.4.3.2', 'sha256'),
  ecdsaSha384: named('1.2.840.10045.4.3.3', 'sha384'),
  ecdsaSha1: named('1.2.840.10045.4.1', 'sha1'),
  ecdsaWithNull: named('1.2.840.10045.4.3.2', 'sha256', NULL),
  ed25519: named('1.3.101.112', undefined),
  rsaSha256: named('1.2.840.113549.1.1.11', 'sha256', NULL),
  rsaWithoutNull: named('1.2.840.113549.1.1.11', 'sha256'),
  rsaSha224: named('1.2.840.113549.1.1.14', 'sha224', NULL),
  rsaSha1: named('1.2.840.113549.1.1.5', 'sha1', NULL),
  rsaSha1ByOiw: named('1.3.14.3.2.29', 'sha1', NULL),
  rsaMd5: named('1.2.840.113549.1.1.4', 'md5', NULL),
  pssSha256: pss('sha256', 32),
  pssSha384: pss('sha384', 48),
  pssShortSalt: pss('sha256', 20),
  pssSha1: pss('sha1', 20),
  /** Nothing said is SHA-1 with a salt of 20 (RFC 4055). */
  pssDefaults: pss('sha1', 20, sequence()),
} as const satisfies Readonly<Record<string, Algorithm>>;
