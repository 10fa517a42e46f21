import { type Crafted, craftCa, type Parts } from '../craft.ts';
import { boolean, NULL, oid, plainName, sequence, tagged, wrapped } from '../der-parts.ts';
import {
  basicConstraints,
  extension,
  general,
  keyUsage,
  nameConstraints,
  OID,
  purposes,
  subjectKeyId,
} from '../extensions.ts';
import { ALGORITHMS, ecKey, edKey, exponentOneKey, type Key, rsaKey } from '../signatures.ts';
import { type ChainCase, HOST, leaf, root } from './chain-case.ts';

const CA = [basicConstraints(true), keyUsage(0x06)] as const;
const ID = Buffer.from('0102030405060708', 'hex');

/** Intermediates with one oddity, above a good leaf. */
const INTERMEDIATES: Readonly<Record<string, Parts>> = {
  'nothing odd': {},
  'version 1': { version: 0 },
  'no basic constraints': { extensions: [keyUsage(0x06)] },
  'no CA': { extensions: [basicConstraints(false), keyUsage(0x06)] },
  'basic constraints not critical': {
    extensions: [basicConstraints(true, undefined, false), keyUsage(0x06)],
  },
  'CA flag 1': { extensions: [extension(OID.basicConstraints, true, sequence(boolean(1))), keyUsage(0x06)] },
  'two basic constraints': { extensions: [...CA, basicConstraints(true, Buffer.from([0]))] },
  'path length -1': { extensions: [basicConstraints(true, Buffer.from([0xff])), keyUsage(0x06)] },
  'path length 0': { extensions: [basicConstraints(true, Buffer.from([0])), keyUsage(0x06)] },
  'path length 2^40': {
    extensions: [basicConstraints(true, Buffer.from([1, 0, 0, 0, 0, 0])), keyUsage(0x06)],
  },
  'path length 2^80': {
    extensions: [basicConstraints(true, Buffer.from([1, ...Buffer.alloc(10)])), keyUsage(0x06)],
  },
  'path length with a needless zero': {
    extensions: [basicConstraints(true, Buffer.from([0, 0])), keyUsage(0x06)],
  },
  'path length without octets': { extensions: [basicConstraints(true, Buffer.alloc(0)), keyUsage(0x06)] },
  'no key usage': { extensions: [basicConstraints(true)] },
  'key usage without keyCertSign': { extensions: [basicConstraints(true), keyUsage(0x82)] },
  'key usage not critical': { extensions: [basicConstraints(true), keyUsage(0x06, false)] },
  'for servers': { extensions: [...CA, purposes(OID.serverAuth)] },
  'for clients only': { extensions: [...CA, purposes(OID.clientAuth)] },
  'for any purpose': { extensions: [...CA, purposes(OID.anyPurpose)] },
  ended: { from: -9, until: -1 },
  'not begun': { from: 1, until: 9 },
  'an unknown critical extension': { extensions: [...CA, extension('1.2.3.4.5', true, NULL)] },
  'a critical SKI': { extensions: [...CA, subjectKeyId(ID, true)] },
  'name constraints without lists': { extensions: [...CA, extension(OID.nameConstraints, true, sequence())] },
  'empty permitted names': { extensions: [...CA, nameConstraints([])] },
  'empty excluded names': { extensions: [...CA, nameConstraints([general.dns(HOST)], [])] },
  'name constraints twice': {
    extensions: [...CA, nameConstraints([general.dns(HOST)]), nameConstraints([general.dns('x.test')])],
  },
  'name constraints not critical, fit': {
    extensions: [...CA, nameConstraints([general.dns(HOST)], undefined, false)],
  },
  'name constraints not critical, unfit': {
    extensions: [...CA, nameConstraints([general.dns('x.test')], undefined, false)],
  },
  'unknown name constraints, not critical': {
    extensions: [...CA, nameConstraints([general.registeredId('1.2.3')], undefined, false)],
  },
  'name constraints with a minimum': {
    extensions: [
      ...CA,
      extension(
        OID.nameConstraints,
        true,
        sequence(wrapped(0, sequence(general.dns(HOST), tagged(0, Buffer.from([1]))))),
      ),
    ],
  },
  'name constraints with a maximum': {
    extensions: [
      ...CA,
      extension(
        OID.nameConstraints,
        true,
        sequence(wrapped(0, sequence(general.dns(HOST), tagged(1, Buffer.from([1]))))),
      ),
    ],
  },
  'an empty subject': { subject: sequence() },
  'an RSA key': { key: rsaKey() },
  'an RSA key of 1024 bits': { key: rsaKey(1024) },
  'an RSA key with exponent 1': { key: exponentOneKey() },
  'a key with explicit parameters': { key: ecKey('P-256', 'explicit') },
  'a key on P-224': { key: ecKey('P-224') },
  'a signature over SHA-1': { algorithm: ALGORITHMS.ecdsaSha1 },
  'self-signed, but no anchor': { issuerName: plainName('odd') },
};

/** How a leaf is signed, by a CA that has such a key. */
const SIGNATURES: readonly (readonly [keyof typeof ALGORITHMS, () => Key])[] = [
  ['ecdsaSha256', ecKey],
  ['ecdsaSha384', () => ecKey('P-384')],
  ['ecdsaSha1', ecKey],
  ['ecdsaWithNull', ecKey],
  ['ed25519', edKey],
  ['rsaSha256', rsaKey],
  ['rsaWithoutNull', rsaKey],
  ['rsaSha224', rsaKey],
  ['rsaSha1', rsaKey],
  ['rsaSha1ByOiw', rsaKey],
  ['rsaMd5', rsaKey],
  ['pssSha256', rsaKey],
  ['pssSha384', rsaKey],
  ['pssShortSalt', rsaKey],
  ['pssSha1', rsaKey],
  ['pssDefaults', rsaKey],
];

/** Intermediates of odd form, and how they sign. */
export function intermediateCases(): readonly ChainCase[] {
  const anchor = root();
  return [
    ...Object.entries(INTERMEDIATES).map(([id, parts]) => ({
      id: `intermediate: ${id}`,
      ...below(craftCa({ subject: plainName('odd'), ...parts }, anchor), anchor),
    })),
    ...SIGNATURES.map(([id, key]) => {
      const signer = craftCa({ subject: plainName('signer'), key: key() }, anchor);
      return {
        id: `signature: ${id}`,
        presented: [leaf(signer, { algorithm: ALGORITHMS[id] }), signer],
        anchors: [anchor],
      };
    }),
  ];
}

function below(ca: Crafted, anchor: Crafted): Pick<ChainCase, 'presented' | 'anchors'> {
  const rsa = ca.key.publicDer.length > 150 && ca.key.publicDer.includes(oid('1.2.840.113549.1.1.1'));
  return { presented: [leaf(ca, rsa ? { algorithm: ALGORITHMS.rsaSha256 } : {}), ca], anchors: [anchor] };
}
