import type { KeyObject, X509Certificate } from 'node:crypto';
import { childrenOf, oidText, readOnly, TAG } from './der.ts';

export interface KeyFacts {
  /** `ec`, `rsa`, `ed25519` …; `unknown` when OpenSSL does not know it. */
  readonly type: string;
  /** Size of the modulus or the curve; 0 when not known. */
  readonly bits: number;
  /** Why the key is not to be used although it is large enough. */
  readonly flaw?: string;
}

const CURVE_BITS: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp224r1: 224,
};

const EC = '1.2.840.10045.2.1';

/** @param spki the SubjectPublicKeyInfo as it stands in the certificate. @throws RangeError when it is none */
export function readKey(x509: X509Certificate, spki: Buffer): KeyFacts {
  const key = publicKeyOf(x509);
  if (key === undefined) return { type: 'unknown', bits: 0 };
  const type = key.asymmetricKeyType ?? 'unknown';
  if (type === 'ed25519') return { type, bits: 256 };
  const { modulusLength, namedCurve, publicExponent } = key.asymmetricKeyDetails ?? {};
  const flaw = hasNoNamedCurve(spki) ? 'an unnamed curve' : exponentFlaw(publicExponent);
  return {
    type,
    bits: modulusLength ?? CURVE_BITS[namedCurve ?? ''] ?? 0,
    ...(flaw === undefined ? {} : { flaw }),
  };
}

/** RFC 5480 §2.1.1: parameters that spell a curve out may spell a weak one that looks like a good one. */
function hasNoNamedCurve(spki: Buffer): boolean {
  const [algorithm] = childrenOf(readOnly(spki, TAG.sequence));
  const [type, parameters] = childrenOf(algorithm?.content ?? Buffer.alloc(0));
  return oidText(type?.content ?? Buffer.alloc(0)) === EC && parameters?.tag !== TAG.oid;
}

/** With the exponent 1 anybody can sign. */
function exponentFlaw(exponent: bigint | undefined): string | undefined {
  return exponent !== undefined && (exponent < 3n || exponent % 2n === 0n)
    ? `the exponent ${exponent}`
    : undefined;
}

/** OpenSSL refuses to load some keys of a certificate that it otherwise reads. */
export function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined;
  }
}
