import { bitsOf, booleanOf, childrenOf, countOf, type DerNode, oidText, readOnly, TAG } from './der.ts';
import { type Extension, splitExtensions } from './extension-list.ts';
import { type GeneralName, readGeneralName } from './general-name.ts';
import { type NameConstraints, readNameConstraints } from './name-constraints.ts';
import {
  NO_POLICIES,
  type PolicyFacts,
  readInhibitAnyPolicy,
  readPolicies,
  readPolicyConstraints,
  readPolicyMappings,
} from './policy-extensions.ts';

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
export interface ExtensionFacts extends PolicyFacts {
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
  /** Rules of the format that are broken; what could not be read counts as missing. */
  readonly malformed: readonly string[];
}

export const NO_EXTENSIONS: ExtensionFacts = {
  ...NO_POLICIES,
  altNames: [],
  ca: false,
  pathLength: undefined,
  keyUsage: undefined,
  extendedKeyUsage: undefined,
  subjectKeyId: undefined,
  authorityKeyId: undefined,
  nameConstraints: undefined,
  unknownCritical: [],
  malformed: [],
};

interface Reader {
  readonly name: string;
  /** @throws RangeError */
  readonly read: (extension: Extension) => Partial<ExtensionFacts>;
}

const READERS: Readonly<Record<string, Reader>> = {
  '2.5.29.14': { name: 'subject key identifier', read: subjectKeyId },
  '2.5.29.15': { name: 'key usage', read: keyUsage },
  '2.5.29.17': {
    name: 'subject alternative name',
    read: ({ octets }) => ({ altNames: listOf(octets).map(readGeneralName) }),
  },
  '2.5.29.19': { name: 'basic constraints', read: basicConstraints },
  '2.5.29.30': {
    name: 'name constraints',
    read: ({ octets, critical }) => ({ nameConstraints: readNameConstraints(octets, critical) }),
  },
  '2.5.29.32': { name: 'certificate policies', read: readPolicies },
  '2.5.29.33': { name: 'policy mappings', read: readPolicyMappings },
  '2.5.29.35': { name: 'authority key identifier', read: authorityKeyId },
  '2.5.29.36': { name: 'policy constraints', read: readPolicyConstraints },
  '2.5.29.37': {
    name: 'extended key usage',
    read: ({ octets }) => ({ extendedKeyUsage: listOf(octets).map(purposeOf) }),
  },
  '2.5.29.54': { name: 'inhibit any policy', read: readInhibitAnyPolicy },
};

/**
 * @param list content of the `[3] Extensions` element
 * @throws RangeError when the list itself cannot be read
 */
export function readExtensions(list: Buffer): ExtensionFacts {
  const { extensions, malformed } = splitExtensions(list);
  const unknownCritical = extensions.filter(({ oid, critical }) => critical && READERS[oid] === undefined);
  return extensions.reduce(readInto, {
    ...NO_EXTENSIONS,
    malformed,
    unknownCritical: unknownCritical.map(({ oid }) => oid),
  });
}

function readInto(facts: ExtensionFacts, extension: Extension): ExtensionFacts {
  const reader = READERS[extension.oid];
  if (reader === undefined) return facts;
  try {
    return { ...facts, ...reader.read(extension) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...facts, malformed: [...facts.malformed, `its ${reader.name}: ${error.message}`] };
  }
}

function listOf(octets: Buffer): readonly DerNode[] {
  const list = childrenOf(readOnly(octets, TAG.sequence));
  if (list.length === 0) throw new RangeError('the list is empty');
  return list;
}

function basicConstraints({ octets }: Extension): Pick<ExtensionFacts, 'ca' | 'pathLength'> {
  const parts = [...childrenOf(readOnly(octets, TAG.sequence))];
  const flag = parts[0]?.tag === TAG.boolean ? parts.shift() : undefined;
  const length = parts[0]?.tag === TAG.integer ? parts.shift() : undefined;
  if (parts.length > 0) throw new RangeError(`an element with tag ${parts[0]?.tag}`);
  const ca = flag !== undefined && booleanOf(flag.content);
  if (!ca && length !== undefined) throw new RangeError('a path length, but not a CA');
  return { ca, pathLength: length === undefined ? undefined : countOf(length.content) };
}

function keyUsage({ octets }: Extension): Pick<ExtensionFacts, 'keyUsage'> {
  return { keyUsage: bitsOf(readOnly(octets, TAG.bitString)).flatMap((bit) => KEY_USAGES[bit] ?? []) };
}

function subjectKeyId({ octets, critical }: Extension): Pick<ExtensionFacts, 'subjectKeyId'> {
  neverCritical(critical);
  return { subjectKeyId: readOnly(octets, TAG.octetString).toString('hex') };
}

function authorityKeyId({ octets, critical }: Extension): Pick<ExtensionFacts, 'authorityKeyId'> {
  neverCritical(critical);
  const id = childrenOf(readOnly(octets, TAG.sequence)).find((part) => part.tag === 0x80);
  return { authorityKeyId: id?.content.toString('hex') };
}

/** RFC 5280 §4.2.1.1 and 2; some verifiers insist on it. */
function neverCritical(critical: boolean): void {
  if (critical) throw new RangeError('it is marked critical');
}

function purposeOf(node: DerNode): string {
  const oid = oidText(node.content);
  return PURPOSES[oid] ?? oid;
}
