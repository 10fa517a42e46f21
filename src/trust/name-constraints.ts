import { childrenOf, type DerNode, encodeDer, readOnly, TAG } from './der.ts';
import { isHostName } from './dns-name.ts';
import {
  type GeneralName,
  parseNetwork,
  type PlainName,
  readGeneralName,
  TAG_OF_KIND,
} from './general-name.ts';
import { matchName } from './match-name.ts';

/** RFC 5280 §4.2.1.10: what a CA may and may not certify. A kind without entry is not restricted. */
export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

const [PERMITTED, EXCLUDED] = [0xa0, 0xa1];

/**
 * Content of the extension's octet string.
 * @throws RangeError when it limits nothing, or by something that is no limit
 */
export function readNameConstraints(octets: Buffer, critical: boolean): NameConstraints {
  const parts = childrenOf(readOnly(octets, TAG.sequence));
  const tags = parts.map(({ tag }) => tag);
  const known = tags.every((tag, at) => (tag === PERMITTED || tag === EXCLUDED) && tags.indexOf(tag) === at);
  if (parts.length === 0 || !known) throw new RangeError('not a list of names, or malformed');
  const namesAt = (wanted: number): readonly GeneralName[] =>
    parts.filter(({ tag }) => tag === wanted).flatMap(({ content }) => subtreesOf(content));
  return { critical, permitted: namesAt(PERMITTED), excluded: namesAt(EXCLUDED) };
}

function subtreesOf(content: Buffer): readonly GeneralName[] {
  const subtrees = childrenOf(content);
  if (subtrees.length === 0) throw new RangeError('a list of names is empty');
  return subtrees.map(readSubtree);
}

function readSubtree({ content }: DerNode): GeneralName {
  const [base, ...bounds] = childrenOf(content);
  if (base === undefined || bounds.length > 0) throw new RangeError('a limit with a minimum or maximum');
  const limit = readGeneralName(base);
  if (!isLimit(limit))
    throw new RangeError(`the ${limit.kind} limit ${JSON.stringify(limit.value)} is invalid`);
  return limit;
}

/** An IP mask has to be a prefix; names may have a leading dot, but no wildcard. */
function isLimit({ kind, value }: GeneralName): boolean {
  const host = value.slice(value.startsWith('.') ? 1 : 0);
  switch (kind) {
    case 'dns':
      return value === '' || isHostName(host);
    case 'email':
      return (
        isHostName(value.includes('@') ? value.slice(value.lastIndexOf('@') + 1) : host) &&
        !value.startsWith('@')
      );
    case 'uri':
      return isHostName(host);
    case 'ip':
      return parseNetwork(value) !== undefined;
    case 'directory':
    case 'other':
      return true;
  }
}

export type ConstraintName = PlainName & { readonly kind: 'dns' | 'email' | 'uri' | 'ip' };

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
  return encodeDer(TAG.sequence, ...list(PERMITTED, permitted), ...list(EXCLUDED, excluded));
}

function encodeName({ kind, value }: ConstraintName): Buffer {
  const octets = kind === 'ip' ? networkOctets(value) : Buffer.from(value, 'latin1');
  return encodeDer(TAG_OF_KIND[kind], octets);
}

function networkOctets(value: string): Buffer {
  const network = parseNetwork(value);
  if (network === undefined) throw new RangeError(`${value} is not a network in the form address/prefix`);
  return Buffer.concat([network.address, network.mask]);
}

/**
 * The first limit that nothing here can apply, whatever the names are; undefined when all can be. Directory names
 * are permitted by prefix, but no other verifier than OpenSSL excludes any: whoever excludes them is refused.
 */
export function unusableLimit({ permitted, excluded }: NameConstraints): string | undefined {
  const limit =
    [...permitted, ...excluded].find(({ kind }) => kind === 'other') ??
    excluded.find(({ kind }) => kind === 'directory');
  if (limit === undefined) return undefined;
  return `a limit on ${limit.kind === 'other' ? 'names of another kind' : 'excluded directory names'}, ${limit.value}, cannot be applied`;
}

/** The first name that these constraints forbid, with the reason; undefined when all are allowed. */
export function forbiddenName(
  names: readonly GeneralName[],
  constraints: NameConstraints,
): string | undefined {
  for (const name of names) {
    const excluded = constraints.excluded.find(
      (limit) => limit.kind === name.kind && matchName(name, limit) !== 'no',
    );
    if (excluded !== undefined) return excludedText(name, excluded);
    const permitted = constraints.permitted.filter((limit) => limit.kind === name.kind);
    if (permitted.length > 0 && !permitted.some((limit) => matchName(name, limit) === 'yes')) {
      return `${name.value} is not in the permitted ${name.kind} ${permitted.map((limit) => limit.value).join(', ')}`;
    }
  }
  return undefined;
}

function excludedText(name: GeneralName, limit: GeneralName): string {
  const where = `the excluded ${limit.kind} ${limit.value}`;
  return matchName(name, limit) === 'yes'
    ? `${name.value} is in ${where}`
    : `${name.value} cannot be distinguished from ${where}`;
}
