import { encodeDer } from '../../../../src/trust/der.ts';
import { craftCa, type Parts, utcTime } from '../craft.ts';
import { bitString, boolean, NULL, octetString, oid, plainName, sequence, wrapped } from '../der-parts.ts';
import {
  altNames,
  authorityKeyId,
  basicConstraints,
  extension,
  general,
  keyUsage,
  nameConstraints,
  OID,
  purposes,
  subjectKeyId,
} from '../extensions.ts';
import { ecKey, edKey, exponentOneKey, type Key, rsaKey } from '../signatures.ts';
import { type ChainCase, HOST, leaf, root, SERVER } from './chain-case.ts';

const SAN = altNames([general.dns(HOST)]);
const ID = Buffer.from('0102030405060708', 'hex');
const generalized = (text: string): Buffer => encodeDer(0x18, Buffer.from(text));
const utc = (text: string): Buffer => encodeDer(0x17, Buffer.from(text));

/** Leaves with one oddity, below a good intermediate. */
const LEAVES: Readonly<Record<string, Parts>> = {
  'nothing odd': {},
  'no extensions and version 1': { version: 0 },
  'extensions in version 1': { version: 0, extensions: [...SERVER, SAN] },
  'extensions in version 2': { version: 1, extensions: [...SERVER, SAN] },
  'version 4': { version: 3, extensions: [...SERVER, SAN] },
  'serial 0': { serial: Buffer.from([0]) },
  'a negative serial': { serial: Buffer.from([0x80]) },
  'a serial of 20 octets': { serial: Buffer.alloc(20, 0x7f) },
  'a serial of 21 octets': { serial: Buffer.alloc(21, 0x7f) },
  'a serial with a needless zero': { serial: Buffer.from([0, 1]) },
  'an empty issuer': { issuerName: sequence() },
  'an empty subject, critical SAN': {
    subject: sequence(),
    extensions: [...SERVER, altNames([general.dns(HOST)], true)],
  },
  'an empty subject, SAN not critical': { subject: sequence(), extensions: [...SERVER, SAN] },
  ended: { from: -9, until: -1 },
  'not begun': { from: 1, until: 9 },
  'ends before it begins': { from: 9, until: -9 },
  'a time without seconds': { validity: sequence(utc('2005010000Z'), utcTime(30)) },
  'a time with an offset': { validity: sequence(utc('200501000000+0000'), utcTime(30)) },
  'GeneralizedTime before 2050': {
    validity: sequence(generalized('20200101000000Z'), generalized('20490101000000Z')),
  },
  'GeneralizedTime with a fraction': { validity: sequence(utcTime(-1), generalized('20561201000000.5Z')) },
  'GeneralizedTime after 2050': { validity: sequence(utcTime(-1), generalized('20561201000000Z')) },
  'an empty list of extensions': { extensions: [] },
  'two SANs': { extensions: [...SERVER, SAN, altNames([general.dns('other.test')])] },
  'the same SAN twice': { extensions: [...SERVER, SAN, SAN] },
  'two key usages': { extensions: [...SERVER, keyUsage(0x20), SAN] },
  'two purposes': { extensions: [...SERVER, purposes(OID.clientAuth), SAN] },
  'an unknown extension twice': {
    extensions: [...SERVER, SAN, extension('1.2.3.4.5', false, NULL), extension('1.2.3.4.5', false, NULL)],
  },
  'an unknown extension': { extensions: [...SERVER, SAN, extension('1.2.3.4.5', false, NULL)] },
  'an unknown critical extension': { extensions: [...SERVER, SAN, extension('1.2.3.4.5', true, NULL)] },
  'critical CRL points': {
    extensions: [
      ...SERVER,
      SAN,
      extension(
        OID.crlPoints,
        true,
        sequence(sequence(wrapped(0, wrapped(0, general.uri('http://a.test/crl'))))),
      ),
    ],
  },
  'criticality false written out': {
    extensions: [
      ...SERVER,
      sequence(oid(OID.altNames), boolean(0), octetString(sequence(general.dns(HOST)))),
    ],
  },
  'criticality 1': {
    extensions: [...SERVER, SAN, sequence(oid('1.2.3.4.5'), boolean(1), octetString(NULL))],
  },
  'a critical SKI': { extensions: [...SERVER, SAN, subjectKeyId(ID, true)] },
  'a critical AKI': { extensions: [...SERVER, SAN, authorityKeyId(ID, true)] },
  'an SKI that is no octet string': {
    extensions: [...SERVER, SAN, extension(OID.subjectKeyId, false, NULL)],
  },
  'an empty SAN': { extensions: [...SERVER, altNames([])] },
  'a SAN with a rest behind it': {
    extensions: [
      ...SERVER,
      extension(OID.altNames, false, Buffer.concat([sequence(general.dns(HOST)), NULL])),
    ],
  },
  'a SAN with an IP of five octets': {
    extensions: [...SERVER, altNames([general.dns(HOST), general.ip(1, 2, 3, 4, 5)])],
  },
  'a URI that is none': {
    extensions: [...SERVER, altNames([general.dns(HOST), general.uri('http://[::1')])],
  },
  'a SPIFFE ID with user information': {
    extensions: [...SERVER, altNames([general.uri('spiffe://u@a.test/ns/x')])],
  },
  'no key usage': { extensions: [purposes(OID.serverAuth), SAN] },
  'key usage without a bit': { extensions: [keyUsage(0), purposes(OID.serverAuth), SAN] },
  'key encipherment only': { extensions: [keyUsage(0x20), purposes(OID.serverAuth), SAN] },
  'keyCertSign, but no CA': { extensions: [keyUsage(0x84), purposes(OID.serverAuth), SAN] },
  'no purpose': { extensions: [keyUsage(0x80), SAN] },
  'an empty list of purposes': { extensions: [keyUsage(0x80), purposes(), SAN] },
  'for clients only': { extensions: [keyUsage(0x80), purposes(OID.clientAuth), SAN] },
  'for any purpose': { extensions: [keyUsage(0x80), purposes(OID.anyPurpose), SAN] },
  'a leaf that is a CA': {
    extensions: [basicConstraints(true), keyUsage(0x84), purposes(OID.serverAuth), SAN],
  },
  'a path length, but no CA': { extensions: [...SERVER, basicConstraints(false, Buffer.from([0])), SAN] },
  'name constraints, but no CA': { extensions: [...SERVER, nameConstraints([general.dns(HOST)]), SAN] },
  'no SAN, the name as common name': { subject: plainName(HOST), extensions: SERVER },
  'a key on P-384': { key: ecKey('P-384') },
  'a key on P-521': { key: ecKey('P-521') },
  'a key on P-224': { key: ecKey('P-224') },
  'a key on secp256k1': { key: ecKey('secp256k1') },
  'a key with explicit parameters': { key: ecKey('P-256', 'explicit') },
  'a key of Ed25519': { key: edKey() },
  'an RSA key of 2048 bits': { key: rsaKey() },
  'an RSA key of 1024 bits': { key: rsaKey(1024) },
  'an RSA key with exponent 1': { key: exponentOneKey() },
  'a key of an unknown algorithm': {
    key: { ...ecKey(), publicDer: sequence(sequence(oid('1.2.3.4')), bitString(Buffer.from([4]))) },
  },
  'unused bits in the key': { key: spoiltKey() },
  'a signature by another key': { signer: ecKey() },
};

function spoiltKey(): Key {
  const key = ecKey();
  const publicDer = Buffer.from(key.publicDer);
  publicDer[publicDer.length - 1] = (publicDer.at(-1) ?? 0) ^ 1;
  return { ...key, publicDer };
}

export function leafCases(): readonly ChainCase[] {
  const anchor = root();
  const good = craftCa({ subject: plainName('intermediate') }, anchor);
  return Object.entries(LEAVES).map(([id, parts]) => ({
    id: `leaf: ${id}`,
    presented: [leaf(good, parts), good],
    anchors: [anchor],
    ...(id === 'no SAN, the name as common name' ? { host: HOST } : {}),
  }));
}
