import { childrenOf, countOf, type DerNode, oidText, readOnly, TAG } from './der.ts';

export interface SignatureAlgorithm {
  /** `ecdsa-sha256`, `rsa-pss-sha256` …; the OID of one that is not known here. */
  readonly name: string;
  /** Why a signature by it proves nothing; undefined for a good one. */
  readonly weakness: string | undefined;
}

interface Known {
  readonly name: string;
  /** Broken, or without anybody who still issues by it. */
  readonly outdated?: true;
}

const PSS = '1.2.840.113549.1.1.10';

/** By object identifier. What is not here is not understood, and so refused. */
const KNOWN: Readonly<Record<string, Known>> = {
  '1.2.840.10045.4.1': { name: 'ecdsa-sha1', outdated: true },
  '1.2.840.10045.4.3.2': { name: 'ecdsa-sha256' },
  '1.2.840.10045.4.3.3': { name: 'ecdsa-sha384' },
  '1.2.840.10045.4.3.4': { name: 'ecdsa-sha512' },
  '1.2.840.113549.1.1.4': { name: 'rsa-md5', outdated: true },
  '1.2.840.113549.1.1.5': { name: 'rsa-sha1', outdated: true },
  '1.2.840.113549.1.1.11': { name: 'rsa-sha256' },
  '1.2.840.113549.1.1.12': { name: 'rsa-sha384' },
  '1.2.840.113549.1.1.13': { name: 'rsa-sha512' },
  '1.2.840.113549.1.1.14': { name: 'rsa-sha224', outdated: true },
  // A second identifier of rsa-sha1, by the OIW.
  '1.3.14.3.2.29': { name: 'rsa-sha1', outdated: true },
  '1.3.101.112': { name: 'ed25519' },
};

/** @throws RangeError when it is no AlgorithmIdentifier */
export function readSignatureAlgorithm(content: Buffer): SignatureAlgorithm {
  const [type, parameters] = childrenOf(content);
  const oid = oidText(type?.content ?? Buffer.alloc(0));
  if (oid === PSS) return readPss(parameters);
  const known = KNOWN[oid];
  if (known === undefined) return { name: oid, weakness: `signed with ${oid}, which is unknown` };
  return { name: known.name, weakness: known.outdated ? `signed with ${known.name}` : undefined };
}

const HASHES: Readonly<Record<string, { readonly name: string; readonly octets: number }>> = {
  '2.16.840.1.101.3.4.2.1': { name: 'sha256', octets: 32 },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', octets: 48 },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', octets: 64 },
};

const MGF1 = '1.2.840.113549.1.1.8';

/** RFC 4055 §3.1: what is left out is SHA-1, which nobody may rely on. */
function readPss(parameters: DerNode | undefined): SignatureAlgorithm {
  try {
    const parts = childrenOf(parameters?.content ?? Buffer.alloc(0));
    const part = (tag: number): Buffer | undefined => parts.find((each) => each.tag === tag)?.content;
    const hash = HASHES[algorithmOf(part(0xa0)).oid];
    const mask = algorithmOf(part(0xa1));
    const salt = countOf(readOnly(part(0xa2) ?? Buffer.alloc(0), TAG.integer));
    const maskHash = HASHES[oidText(readDerOid(mask.parameters))];
    const trailer = part(0xa3);
    const good =
      hash !== undefined &&
      mask.oid === MGF1 &&
      maskHash === hash &&
      salt === hash.octets &&
      trailer === undefined;
    if (good) return { name: `rsa-pss-${hash.name}`, weakness: undefined };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return { name: 'rsa-pss', weakness: 'signed with RSA-PSS, but not with SHA-2 in all its parameters' };
}

function algorithmOf(wrapped: Buffer | undefined): { oid: string; parameters: DerNode | undefined } {
  const [type, parameters] = childrenOf(readOnly(wrapped ?? Buffer.alloc(0), TAG.sequence));
  return { oid: oidText(type?.content ?? Buffer.alloc(0)), parameters };
}

/** The identifier in an AlgorithmIdentifier that is itself a parameter. */
function readDerOid(algorithm: DerNode | undefined): Buffer {
  return childrenOf(algorithm?.content ?? Buffer.alloc(0))[0]?.content ?? Buffer.alloc(0);
}
