/** One DER element: its tag byte, its content and the whole as it stands in the input. */
export interface DerNode {
  readonly tag: number;
  readonly content: Buffer;
  readonly raw: Buffer;
}

/** Tag bytes that certificates use. Context-specific ones are `0x80 | n` (primitive) and `0xa0 | n`. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/** The first element of `bytes`. @throws RangeError when it is cut short or its length is not DER. */
export function readDer(bytes: Buffer): DerNode {
  const { length, start } = readLength(bytes);
  const end = start + length;
  if (end > bytes.length) throw new RangeError(`DER element of ${end} bytes in ${bytes.length}`);
  return { tag: bytes.readUInt8(0), content: bytes.subarray(start, end), raw: bytes.subarray(0, end) };
}

/**
 * The content of the one element that `bytes` are.
 * @throws RangeError for another tag, and for a rest behind it
 */
export function readOnly(bytes: Buffer, tag: number): Buffer {
  const node = readDer(bytes);
  if (node.tag !== tag) throw new RangeError(`DER tag ${node.tag}, expected ${tag}`);
  if (node.raw.length < bytes.length)
    throw new RangeError(`${bytes.length - node.raw.length} bytes behind a DER element`);
  return node.content;
}

/** Elements inside a constructed one (or inside the octets of an extension). */
export function childrenOf(content: Buffer): readonly DerNode[] {
  const nodes: DerNode[] = [];
  for (let at = 0; at < content.length;) {
    const node = readDer(content.subarray(at));
    nodes.push(node);
    at += node.raw.length;
  }
  return nodes;
}

function readLength(bytes: Buffer): { length: number; start: number } {
  if (bytes.length < 2) throw new RangeError('DER element without a length');
  const first = bytes.readUInt8(1);
  if (first < 0x80) return { length: first, start: 2 };
  const size = first & 0x7f;
  // Four bytes of length are 4 GiB; the indefinite form (0) is BER, not DER.
  if (size === 0 || size > 4 || bytes.length < 2 + size) throw new RangeError(`DER length of ${size} bytes`);
  const length = bytes.readUIntBE(2, size);
  // A second spelling of the same length would be a second spelling of the same name.
  if (length < 0x80 || bytes.readUInt8(2) === 0)
    throw new RangeError(`DER length ${length} in ${size} bytes`);
  return { length, start: 2 + size };
}

/** A BOOLEAN. @throws RangeError for what BER takes for true as well */
export function booleanOf(content: Buffer): boolean {
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff))
    throw new RangeError(`BOOLEAN 0x${content.toString('hex')}`);
  return content[0] === 0xff;
}

const MOST_INTEGER_OCTETS = 4;

/** An INTEGER that counts something. @throws RangeError when it is negative, spelt with needless zeros, or huge */
export function countOf(content: Buffer): number {
  const shortest = content.length === 1 || content[0] !== 0 || (content[1] ?? 0) > 0x7f;
  if (content.length === 0 || content.length > MOST_INTEGER_OCTETS || !shortest || content.readInt8(0) < 0)
    throw new RangeError(`INTEGER 0x${content.toString('hex')}`);
  return content.readUIntBE(0, content.length);
}

/** Dotted text of an OBJECT IDENTIFIER. @throws RangeError when it is cut short, padded, or too large to tell apart */
export function oidText(content: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  if (content.length === 0 || (content.at(-1) ?? 0) > 0x7f)
    throw new RangeError('OBJECT IDENTIFIER cut short');
  for (const byte of content) {
    if (arc === 0 && byte === 0x80) throw new RangeError('OBJECT IDENTIFIER with padding');
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw new RangeError('OBJECT IDENTIFIER with a huge arc');
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}

/** Positions of the set bits of a BIT STRING, counted as ASN.1 does: 0 is the highest bit. */
export function bitsOf(content: Buffer): readonly number[] {
  return [...content.subarray(1)].flatMap((byte, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte & (0x80 >> bit)) !== 0).map((bit) => index * 8 + bit),
  );
}

/** DER of one element around its parts. */
export function encodeDer(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), encodeLength(content.length), content]);
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const size = Math.ceil(length.toString(16).length / 2);
  const bytes = Buffer.alloc(size + 1, 0x80 | size);
  bytes.writeUIntBE(length, 1, size);
  return bytes;
}
