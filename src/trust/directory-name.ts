import { childrenOf, type DerNode, oidText, TAG } from './der.ts';

/** A distinguished name, of a subject or among other names. */
export interface DirectoryName {
  readonly kind: 'directory';
  /** `C=DE, O=Acme`, for readers. */
  readonly value: string;
  /** One for each RDN, in a spelling in which equal ones are the same text. */
  readonly rdns: readonly string[];
}

interface Attribute {
  readonly type: string;
  readonly value: string;
}

const SET = 0x31;
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const COMMON_NAME = '2.5.4.3';

const SHORT: Readonly<Record<string, string>> = {
  [COMMON_NAME]: 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  [EMAIL_ADDRESS]: 'emailAddress',
};

/** @param rdns content of the sequence of RDNs. @throws RangeError when it is none */
export function readDirectoryName(rdns: Buffer): DirectoryName {
  const list = attributesOf(rdns);
  return {
    kind: 'directory',
    value: list
      .map((rdn) => rdn.map(({ type, value }) => `${SHORT[type] ?? type}=${value}`).join('+'))
      .join(', '),
    rdns: list.map((rdn) =>
      JSON.stringify(rdn.map(({ type, value }) => JSON.stringify([type, folded(value)])).toSorted()),
    ),
  };
}

/** Names that old certificates hold in the subject instead of among the alternative names. */
export function legacyNames(rdns: Buffer): {
  readonly emails: readonly string[];
  readonly commonNames: readonly string[];
} {
  const all = attributesOf(rdns).flat();
  const of = (wanted: string): readonly string[] =>
    all.filter(({ type }) => type === wanted).map(({ value }) => value);
  return { emails: of(EMAIL_ADDRESS), commonNames: of(COMMON_NAME) };
}

function attributesOf(rdns: Buffer): readonly (readonly Attribute[])[] {
  return childrenOf(rdns).map((set) => {
    if (set.tag !== SET || set.content.length === 0) throw new RangeError(`RDN with tag ${set.tag}`);
    return childrenOf(set.content).map(readAttribute);
  });
}

function readAttribute({ content }: DerNode): Attribute {
  const [type, value, ...rest] = childrenOf(content);
  if (type?.tag !== TAG.oid || value === undefined || rest.length > 0)
    throw new RangeError('attribute of a name without type or value');
  return { type: oidText(type.content), value: textOf(value) };
}

/** The same text in two string types is the same value (RFC 5280 §7.1). */
function textOf({ tag, content }: DerNode): string {
  switch (tag) {
    case 0x0c:
      return content.toString('utf8');
    case 0x13:
    case 0x14:
    case 0x16:
      return content.toString('latin1');
    case 0x1e:
      return content.length % 2 === 0 ? Buffer.from(content).swap16().toString('utf16le') : hex(content);
    default:
      return hex(content);
  }
}

function hex(content: Buffer): string {
  return `#${content.toString('hex')}`;
}

/** Case, and spaces at the ends and in a row, do not count. */
function folded(value: string): string {
  return value.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ');
}

/** Whether `name` is `limit` or below it: names begin at the root of the directory. */
export function isDirectoryWithin(name: DirectoryName, limit: DirectoryName): boolean {
  return limit.rdns.every((rdn, at) => name.rdns[at] === rdn);
}
