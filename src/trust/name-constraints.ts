import { childrenOf, encodeDer, readDer, TAG } from './der.ts';
import { type GeneralName, ipOctets, readGeneralName, TAG_OF_KIND } from './general-name.ts';

/** RFC 5280 §4.2.1.10: what a CA may and may not certify. A kind without entry is not restricted. */
export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** Content of the extension's octet string. */
export function readNameConstraints(octets: Buffer, critical: boolean): NameConstraints {
  const parts = childrenOf(readDer(octets).content);
  const namesAt = (tag: number): readonly GeneralName[] =>
    parts
      .filter((part) => part.tag === tag)
      .flatMap((part) => childrenOf(part.content))
      .flatMap((subtree) => childrenOf(subtree.content).slice(0, 1))
      .map(readGeneralName);
  return { critical, permitted: namesAt(0xa0), excluded: namesAt(0xa1) };
}

export type ConstraintName = GeneralName & { readonly kind: 'dns' | 'email' | 'uri' | 'ip' };

/**
 * Octets of the extension. `ip` values are `address/prefix length`.
 * @throws RangeError for an address that is none
 */
export function encodeNameConstraints(
  permitted: readonly ConstraintName[],
  excluded: readonly ConstraintName[] = [],
): Buffer {
  const list = (tag: number, names: readonly ConstraintName[]): readonly Buffer[] =>
    names.length === 0
      ? []
      : [encodeDer(tag, ...names.map((name) => encodeDer(TAG.sequence, encodeName(name))))];
  return encodeDer(TAG.sequence, ...list(0xa0, permitted), ...list(0xa1, excluded));
}

function encodeName({ kind, value }: ConstraintName): Buffer {
  const octets = kind === 'ip' ? networkOctets(value) : Buffer.from(value, 'latin1');
  return encodeDer(TAG_OF_KIND[kind], octets);
}

function networkOctets(value: string): Buffer {
  const network = parseNetwork(value);
  if (network === undefined) throw new RangeError(`${value} is no network in the form address/prefix`);
  return Buffer.concat([network.address, network.mask]);
}

function parseNetwork(value: string): { address: Buffer; mask: Buffer } | undefined {
  const [, text = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const address = ipOctets(text);
  if (address === undefined || Number(prefix) > address.length * 8) return undefined;
  const bits = '1'.repeat(Number(prefix)).padEnd(address.length * 8, '0');
  const mask = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  return { address, mask };
}

/** The first name that these constraints forbid, with the reason; undefined when all are allowed. */
export function forbiddenName(
  names: readonly GeneralName[],
  constraints: NameConstraints,
): string | undefined {
  for (const name of names) {
    const excluded = constraints.excluded.find((limit) => limit.kind === name.kind && matches(name, limit));
    if (excluded !== undefined) return `${name.value} is in the excluded ${excluded.kind} ${excluded.value}`;
    const permitted = constraints.permitted.filter((limit) => limit.kind === name.kind);
    if (permitted.length > 0 && !permitted.some((limit) => matches(name, limit))) {
      return `${name.value} is not in the permitted ${name.kind} ${permitted.map((limit) => limit.value).join(', ')}`;
    }
  }
  return undefined;
}

function matches(name: GeneralName, limit: GeneralName): boolean {
  switch (name.kind) {
    case 'dns':
      return isWithin(name.value, limit.value);
    case 'email':
      return limit.value.includes('@')
        ? name.value.toLowerCase() === limit.value.toLowerCase()
        : isHost(name.value.slice(name.value.lastIndexOf('@') + 1), limit.value);
    case 'uri':
      return isHost(hostOfUri(name.value), limit.value);
    case 'ip':
      return isInNetwork(name.value, limit.value);
    case 'other':
      // Nothing here can compare it: never "allowed" by not understanding.
      return false;
  }
}

/** DNS: the name itself and everything below; with a leading dot only what is below. */
function isWithin(name: string, limit: string): boolean {
  const [host, zone] = [name.toLowerCase(), limit.toLowerCase()];
  if (zone === '') return true;
  return zone.startsWith('.') ? host.endsWith(zone) : host === zone || host.endsWith(`.${zone}`);
}

/** Hosts of e-mail addresses and URIs: exactly that host, or below it with a leading dot. */
function isHost(host: string, limit: string): boolean {
  const [name, zone] = [host.toLowerCase(), limit.toLowerCase()];
  return zone.startsWith('.') ? name.endsWith(zone) : name === zone;
}

/** Empty where a URI has no host; that lies in no zone. */
function hostOfUri(uri: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]*)/i.exec(uri)?.[1] ?? '';
}

function isInNetwork(address: string, limit: string): boolean {
  const [octets, network] = [ipOctets(address), parseNetwork(limit)];
  if (octets === undefined || network === undefined || octets.length !== network.address.length) return false;
  const masked = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.map((byte, at) => byte & (network.mask[at] ?? 0)));
  return masked(octets).equals(masked(network.address));
}
