import { encodeDer, TAG } from '../../../src/trust/der.ts';

/** Building blocks of certificates that no library would write: every byte is the test's own. */
export const sequence = (...parts: readonly Uint8Array[]): Buffer => encodeDer(TAG.sequence, ...parts);
export const setOf = (...parts: readonly Uint8Array[]): Buffer => encodeDer(0x31, ...parts);
export const octetString = (...parts: readonly Uint8Array[]): Buffer => encodeDer(TAG.octetString, ...parts);
export const bitString = (content: Uint8Array, unused = 0): Buffer =>
  encodeDer(TAG.bitString, Buffer.from([unused]), content);
export const boolean = (octet: number): Buffer => encodeDer(TAG.boolean, Buffer.from([octet]));
export const NULL = Buffer.from([0x05, 0x00]);

/** @param bytes two's complement, as they shall stand there */
export const integerOf = (bytes: Uint8Array): Buffer => encodeDer(TAG.integer, bytes);

/** @param value between -128 and 127 */
export function integer(value: number): Buffer {
  return integerOf(Buffer.from([value & 0xff]));
}

/** Context-specific `[n]`, primitive. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]): Buffer =>
  encodeDer(0x80 | number, ...parts);

/** Context-specific `[n]`, constructed. */
export const wrapped = (number: number, ...parts: readonly Uint8Array[]): Buffer =>
  encodeDer(0xa0 | number, ...parts);

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encodeDer(TAG.oid, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): readonly number[] {
  const low = arc % 128;
  const high = Math.floor(arc / 128);
  return high === 0 ? [low] : [...base128(high).map((byte) => byte | 0x80), low];
}

export const utf8 = (text: string): Buffer => encodeDer(0x0c, Buffer.from(text));
export const printable = (text: string): Buffer => encodeDer(0x13, Buffer.from(text, 'latin1'));
export const ia5 = (text: string): Buffer => encodeDer(0x16, Buffer.from(text, 'latin1'));
/** BMPString: UTF-16, most significant octet first. */
export const bmp = (text: string): Buffer => encodeDer(0x1e, Buffer.from(text, 'utf16le').swap16());

const ATTRIBUTES = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

type AttributeType = keyof typeof ATTRIBUTES;
export type Attribute = readonly [AttributeType, Buffer];

export const attribute = (type: AttributeType, value: Buffer): Buffer =>
  sequence(oid(ATTRIBUTES[type]), value);

/** A distinguished name with one attribute in each RDN. */
export function nameOf(...attributes: readonly Attribute[]): Buffer {
  return sequence(...attributes.map(([type, value]) => setOf(attribute(type, value))));
}

/** `O=meshdev test, CN=…`, which is what names are here unless they matter. */
export function plainName(commonName: string): Buffer {
  return nameOf(['O', utf8('meshdev test')], ['CN', utf8(commonName)]);
}
