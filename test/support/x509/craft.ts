import { createHash } from 'node:crypto';
import { encodeDer, TAG } from '../../../src/trust/der.ts';
import { bitString, integer, integerOf, oid, plainName, sequence, wrapped } from './der-parts.ts';
import { authorityKeyId, basicConstraints, keyUsage, OID, subjectKeyId } from './extensions.ts';
import { type Algorithm, ALGORITHMS, ecKey, type Key } from './signatures.ts';

/** All that a certificate holds, as bytes; what is left out is as an honest CA would write it. */
export interface Parts {
  readonly subject?: Buffer;
  /** The two key identifiers are added where they are not among them; an empty list stays empty. */
  readonly extensions?: readonly Buffer[];
  readonly key?: Key;
  /** Subject key identifier; a hash of the key unless said otherwise. */
  readonly keyId?: Buffer;
  readonly algorithm?: Algorithm;
  /** DER of the version number; 2 is version 3. */
  readonly version?: number;
  readonly serial?: Uint8Array;
  /** Days from the moment of the test. */
  readonly from?: number;
  readonly until?: number;
  /** DER of both times, instead of the days. */
  readonly validity?: Buffer;
  /** Another name of the issuer than its own. */
  readonly issuerName?: Buffer;
  /** Another key than the issuer's signs. */
  readonly signer?: Key;
}

/** A certificate, and what is needed to issue below it. */
export interface Crafted {
  readonly pem: string;
  readonly der: Buffer;
  readonly subject: Buffer;
  readonly key: Key;
  readonly keyId: Buffer;
}

/** The moment of all crafted chains. It is now: GnuTLS cannot be told another one. */
export const MOMENT = Math.floor(Date.now() / 1000) * 1000;
const DAY_MS = 86_400_000;
let serial = 1;

/** Signs itself where nobody issues. */
export function craft(parts: Parts, issuer?: Crafted): Crafted {
  const key = parts.key ?? ecKey();
  const subject = parts.subject ?? plainName(`party ${serial}`);
  const keyId = parts.keyId ?? createHash('sha1').update(key.publicDer).digest();
  const algorithm = parts.algorithm ?? ALGORITHMS.ecdsaSha256;
  const body = sequence(
    ...(parts.version === 0 ? [] : [wrapped(0, integer(parts.version ?? 2))]),
    integerOf(parts.serial ?? nextSerial()),
    algorithm.der,
    parts.issuerName ?? issuer?.subject ?? subject,
    parts.validity ?? days(parts.from ?? -1, parts.until ?? 30),
    subject,
    key.publicDer,
    ...extensionsOf(parts.extensions, keyId, issuer?.keyId),
  );
  const signature = (parts.signer ?? issuer?.key ?? key).sign(body, algorithm);
  const der = sequence(body, algorithm.der, bitString(signature));
  return { pem: pemOf(der), der, subject, key, keyId };
}

function extensionsOf(
  list: readonly Buffer[] | undefined,
  keyId: Buffer,
  issuerId: Buffer | undefined,
): readonly Buffer[] {
  if (list === undefined) return [];
  const lacks = (type: string): boolean => list.length > 0 && !list.some((each) => each.includes(oid(type)));
  return [
    wrapped(
      3,
      sequence(
        ...list,
        ...(lacks(OID.subjectKeyId) ? [subjectKeyId(keyId)] : []),
        ...(lacks(OID.authorityKeyId) && issuerId !== undefined ? [authorityKeyId(issuerId)] : []),
      ),
    ),
  ];
}

/** A CA of any depth; `more` extensions stand beside its own two. */
export function craftCa(parts: Parts, issuer?: Crafted, more: readonly Buffer[] = []): Crafted {
  return craft({ extensions: [basicConstraints(true), keyUsage(0x06), ...more], ...parts }, issuer);
}

function nextSerial(): Buffer {
  serial += 1;
  const bytes = Buffer.alloc(9, 0x4d);
  bytes.writeUInt32BE(serial, 5);
  return bytes;
}

function days(from: number, until: number): Buffer {
  return sequence(utcTime(from), utcTime(until));
}

export function utcTime(day: number): Buffer {
  const text = new Date(MOMENT + day * DAY_MS).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return encodeDer(TAG.utcTime, Buffer.from(text.slice(2)));
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
