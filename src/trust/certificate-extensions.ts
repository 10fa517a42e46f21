import { bitsOf, childrenOf, type DerNode, oidText, readDer, TAG } from './der.ts';
import { type GeneralName, readGeneralName } from './general-name.ts';
import { type NameConstraints, readNameConstraints } from './name-constraints.ts';

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

type KeyUsage = (typeof KEY_USAGES)[number];

const PURPOSES: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'any',
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
};

/** What the extensions of a certificate say; `undefined` where the extension is missing. */
export interface ExtensionFacts {
  readonly altNames: readonly GeneralName[];
  readonly ca: boolean;
  readonly pathLength: number | undefined;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  /** `serverAuth`, `clientAuth`, `any`, or the OID of another purpose. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** Lower-case hexadecimal. */
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  /** OIDs of critical extensions that nothing here understands: a verifier has to refuse those. */
  readonly unknownCritical: readonly string[];
}

interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly octets: Buffer;
}

const KNOWN = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  altNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** @param list content of the `[3] Extensions` element */
export function readExtensions(list: Buffer): ExtensionFacts {
  const extensions = childrenOf(readDer(list).content).map(readExtension);
  const octetsOf = (oid: string): Buffer | undefined =>
    extensions.find((extension) => extension.oid === oid)?.octets;
  const constraints = extensions.find((extension) => extension.oid === KNOWN.nameConstraints);
  const subjectKey = octetsOf(KNOWN.subjectKeyId);
  return {
    ...basicConstraints(octetsOf(KNOWN.basicConstraints)),
    altNames: sequence(octetsOf(KNOWN.altNames))?.map(readGeneralName) ?? [],
    keyUsage: keyUsage(octetsOf(KNOWN.keyUsage)),
    extendedKeyUsage: sequence(octetsOf(KNOWN.extendedKeyUsage))?.map(purposeOf),
    subjectKeyId: subjectKey === undefined ? undefined : readDer(subjectKey).content.toString('hex'),
    authorityKeyId: sequence(octetsOf(KNOWN.authorityKeyId))
      ?.find((part) => part.tag === 0x80)
      ?.content.toString('hex'),
    nameConstraints:
      constraints === undefined ? undefined : readNameConstraints(constraints.octets, constraints.critical),
    unknownCritical: extensions
      .filter((extension) => extension.critical && !isKnown(extension.oid))
      .map(({ oid }) => oid),
  };
}

export const NO_EXTENSIONS: ExtensionFacts = {
  altNames: [],
  ca: false,
  pathLength: undefined,
  keyUsage: undefined,
  extendedKeyUsage: undefined,
  subjectKeyId: undefined,
  authorityKeyId: undefined,
  nameConstraints: undefined,
  unknownCritical: [],
};

function isKnown(oid: string): boolean {
  return Object.values(KNOWN).some((known) => known === oid);
}

function readExtension({ content }: DerNode): Extension {
  const parts = childrenOf(content);
  return {
    oid: oidText(parts[0]?.content ?? Buffer.alloc(0)),
    critical: parts.some((part) => part.tag === TAG.boolean && part.content[0] !== 0),
    octets: parts.find((part) => part.tag === TAG.octetString)?.content ?? Buffer.alloc(0),
  };
}

function sequence(octets: Buffer | undefined): readonly DerNode[] | undefined {
  return octets === undefined ? undefined : childrenOf(readDer(octets).content);
}

function basicConstraints(octets: Buffer | undefined): Pick<ExtensionFacts, 'ca' | 'pathLength'> {
  const parts = sequence(octets) ?? [];
  const length = parts.find((part) => part.tag === TAG.integer)?.content;
  return {
    ca: parts.some((part) => part.tag === TAG.boolean && part.content[0] !== 0),
    pathLength: length === undefined ? undefined : length.readUIntBE(0, Math.min(length.length, 6)),
  };
}

function keyUsage(octets: Buffer | undefined): readonly KeyUsage[] | undefined {
  if (octets === undefined) return undefined;
  return bitsOf(readDer(octets).content).flatMap((bit) => KEY_USAGES[bit] ?? []);
}

function purposeOf(node: DerNode): string {
  const oid = oidText(node.content);
  return PURPOSES[oid] ?? oid;
}
