import { type Crafted, craft, craftCa } from '../craft.ts';
import { nameOf, plainName, printable } from '../der-parts.ts';
import {
  altNames,
  authorityKeyId,
  basicConstraints,
  general,
  keyUsage,
  nameConstraints,
  OID,
  purposes,
} from '../extensions.ts';
import { ALGORITHMS } from '../signatures.ts';
import { type ChainCase, HOST, leaf, root, SERVER } from './chain-case.ts';

const SAN = altNames([general.dns(HOST)]);
const ID = Buffer.from('0102030405060708', 'hex');
/** The name of a CA, with the same text in another string type. */
const PRINTABLE = nameOf(['O', printable('meshdev test')], ['CN', printable('Upper')]);

/** Chains that are odd as a whole. */
export function chainCases(): readonly ChainCase[] {
  const anchor = root();
  const good = craftCa({ subject: plainName('intermediate') }, anchor);
  const anotherRoot = root({ subject: plainName('another root') });
  const leafAsCa = leaf(good);
  const self = craft({ subject: plainName('self'), extensions: [...SERVER, SAN] });
  const weakRoot = root({ subject: plainName('weak root'), algorithm: ALGORITHMS.ecdsaSha1 });
  const endedRoot = root({ subject: plainName('ended root'), from: -9, until: -1 });
  const flat = craftCa(
    { subject: plainName('flat'), extensions: [basicConstraints(true, Buffer.from([0])), keyUsage(0x06)] },
    anchor,
  );
  const tooDeep = craftCa({ subject: plainName('deep') }, flat);
  const limitedRoot = root({ subject: plainName('limited root') }, [
    nameConstraints([general.dns('x.test')]),
  ]);
  const clientRoot = root({ subject: plainName('client root') }, [purposes(OID.clientAuth)]);
  const wrongCase = craftCa({ subject: plainName('Upper') }, anchor);
  return [
    { id: 'chain: the anchor itself issues', presented: [leaf(anchor)], anchors: [anchor] },
    { id: 'chain: another root', presented: [leaf(good), good], anchors: [anotherRoot] },
    { id: 'chain: the intermediate is missing', presented: [leaf(good)], anchors: [anchor] },
    { id: 'chain: a leaf signs', presented: [leaf(leafAsCa), leafAsCa, good], anchors: [anchor] },
    { id: 'chain: signed by itself', presented: [self], anchors: [anchor] },
    { id: 'chain: signed by itself and trusted', presented: [self], anchors: [self] },
    { id: 'chain: root over SHA-1', presented: [leaf(weakRoot)], anchors: [weakRoot] },
    { id: 'chain: root ended', presented: [leaf(endedRoot)], anchors: [endedRoot] },
    { id: 'chain: below path length 0', presented: [leaf(flat), flat], anchors: [anchor] },
    { id: 'chain: two below path length 0', presented: [leaf(tooDeep), tooDeep, flat], anchors: [anchor] },
    { id: 'chain: root with unfit constraints', presented: [leaf(limitedRoot)], anchors: [limitedRoot] },
    { id: 'chain: root for clients only', presented: [leaf(clientRoot)], anchors: [clientRoot] },
    {
      id: 'chain: issuer in other letters',
      presented: [leaf(wrongCase, { issuerName: plainName('uPPER') }), wrongCase],
      anchors: [anchor],
    },
    {
      id: 'chain: issuer as PrintableString',
      presented: [leaf(wrongCase, { issuerName: PRINTABLE }), wrongCase],
      anchors: [anchor],
    },
    { id: 'chain: another host', presented: [leaf(good), good], anchors: [anchor], host: 'b.test' },
    { id: 'chain: the right host', presented: [leaf(good), good], anchors: [anchor], host: HOST },
    {
      id: 'chain: a wildcard host',
      presented: [leaf(good, {}, [altNames([general.dns('*.a.test')])]), good],
      anchors: [anchor],
      host: 'b.a.test',
    },
    {
      id: 'chain: a CN outside the constraints, no SAN',
      ...limitedCn(anchor, 'other.test'),
    },
    { id: 'chain: a CN inside the constraints, no SAN', ...limitedCn(anchor, 'b.a.test') },
    { id: 'chain: a CN that is an address outside, no SAN', ...limitedCn(anchor, '11.0.0.1') },
    { id: 'chain: a CN that is no host, no SAN', ...limitedCn(anchor, 'John Doe') },
    { id: 'chain: AKI and SKI agree', ...withIds(anchor, ID, ID) },
    { id: 'chain: AKI and SKI differ', ...withIds(anchor, ID, Buffer.from('ff', 'hex')) },
  ];
}

function limitedCn(anchor: Crafted, commonName: string): Pick<ChainCase, 'presented' | 'anchors'> {
  const ca = craftCa({ subject: plainName('limited') }, anchor, [
    nameConstraints([general.dns('a.test'), general.ip(10, 0, 0, 0, 255, 0, 0, 0)]),
  ]);
  return { presented: [leaf(ca, { subject: plainName(commonName) }, []), ca], anchors: [anchor] };
}

function withIds(
  anchor: Crafted,
  subjectId: Buffer,
  authorityId: Buffer,
): Pick<ChainCase, 'presented' | 'anchors'> {
  const ca = craftCa({ subject: plainName('identified'), keyId: subjectId }, anchor);
  return { presented: [leaf(ca, {}, [SAN, authorityKeyId(authorityId)]), ca], anchors: [anchor] };
}
