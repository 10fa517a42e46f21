import { type DerNode, readOnly, TAG } from './der.ts';
import { type DirectoryName, readDirectoryName } from './directory-name.ts';

/** A name as certificates hold it, in subject alternative names and in name constraints. */
export type GeneralName = PlainName | DirectoryName;

export interface PlainName {
  readonly kind: 'dns' | 'email' | 'uri' | 'ip' | 'other';
  /** `ip` in text form; of a constraint with its prefix length: `127.0.0.0/8`. `other` in hexadecimal. */
  readonly value: string;
}

const DIRECTORY_TAG = 0xa4;

const KIND_OF_TAG: Readonly<Record<number, PlainName['kind']>> = {
  0x81: 'email',
  0x82: 'dns',
  0x86: 'uri',
  0x87: 'ip',
};

export const TAG_OF_KIND = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 } as const;

/** @throws RangeError for a directory name that is none */
export function readGeneralName(node: DerNode): GeneralName {
  if (node.tag === DIRECTORY_TAG) return readDirectoryName(readOnly(node.content, TAG.sequence));
  const kind = KIND_OF_TAG[node.tag] ?? 'other';
  if (kind === 'other') return { kind, value: node.content.toString('hex') };
  return { kind, value: kind === 'ip' ? ipText(node.content) : node.content.toString('latin1') };
}

/** 4 or 16 octets are an address, 8 or 32 an address with its mask. */
function ipText(octets: Buffer): string {
  switch (octets.length) {
    case 4:
      return [...octets].join('.');
    case 16:
      return compressZeros(groupsOf(octets).join(':'));
    case 8:
    case 32: {
      const half = octets.length / 2;
      return `${ipText(octets.subarray(0, half))}/${prefixOf(octets.subarray(half))}`;
    }
    default:
      return `0x${octets.toString('hex')}`;
  }
}

function groupsOf(octets: Buffer): readonly string[] {
  return [0, 2, 4, 6, 8, 10, 12, 14].map((at) => octets.readUInt16BE(at).toString(16));
}

/** `::` for the longest run of zeros, as RFC 5952 writes addresses: one spelling to compare. */
function compressZeros(address: string): string {
  const [run] = [...address.matchAll(/(?<=^|:)0(?::0)+(?=:|$)/g)].toSorted(
    (a, b) => b[0].length - a[0].length,
  );
  if (run === undefined) return address;
  const [before, after] = [address.slice(0, run.index), address.slice(run.index + run[0].length)];
  return `${before === '' ? ':' : before}${after === '' ? ':' : after}`;
}

/** A mask with holes has no prefix length and is shown as it is; it then matches nothing. */
function prefixOf(mask: Buffer): string {
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? String(bits.lastIndexOf('1') + 1) : `0x${mask.toString('hex')}`;
}

/**
 * Octets of an IPv4 or IPv6 address in text form, `::` included; undefined for anything else.
 * IPv4-mapped spelling is not taken: certificates hold octets, and there it is an IPv6 address.
 */
export function ipOctets(text: string): Buffer | undefined {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (v4 !== undefined) return v4.every((byte) => byte < 256) ? Buffer.from(v4) : undefined;
  return ipv6Octets(text);
}

function ipv6Octets(text: string): Buffer | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** `address/prefix length`; undefined for anything else, a mask with holes among them. */
export function parseNetwork(value: string): { address: Buffer; mask: Buffer } | undefined {
  const [, text = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const address = ipOctets(text);
  if (address === undefined || Number(prefix) > address.length * 8) return undefined;
  const bits = '1'.repeat(Number(prefix)).padEnd(address.length * 8, '0');
  const mask = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  return { address, mask };
}
