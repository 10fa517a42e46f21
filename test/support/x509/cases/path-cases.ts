import { type Crafted, craftCa, type Parts } from '../craft.ts';
import { plainName } from '../der-parts.ts';
import {
  altNames,
  basicConstraints,
  general,
  keyUsage,
  nameConstraints,
  OID,
  purposes,
} from '../extensions.ts';
import { ALGORITHMS, ecKey, type Key } from '../signatures.ts';
import { type ChainCase, leaf, root } from './chain-case.ts';

const CA = [basicConstraints(true), keyUsage(0x06)] as const;

/** What may be wrong with one certificate of a graph, and nothing else. */
const FAULTS: Readonly<Record<string, Parts>> = {
  ended: { from: -9, until: -1 },
  'no basic constraints': { extensions: [keyUsage(0x06)] },
  'no CA': { extensions: [basicConstraints(false), keyUsage(0x06)] },
  'may not sign': { extensions: [basicConstraints(true), keyUsage(0x80)] },
  'for clients only': { extensions: [...CA, purposes(OID.clientAuth)] },
  'for other names': { extensions: [...CA, nameConstraints([general.dns('x.test')])] },
  'over SHA-1': { algorithm: ALGORITHMS.ecdsaSha1 },
  'by another key': { signer: ecKey() },
  'path length 0': { extensions: [basicConstraints(true, Buffer.from([0])), keyUsage(0x06)] },
};

/** A party of a graph: name and key; its certificates are the edges. */
interface Party {
  readonly name: string;
  readonly key: Key;
}

const party = (name: string): Party => ({ name, key: ecKey() });

function edge(to: Party, from: Crafted, parts: Parts = {}): Crafted {
  return craftCa({ subject: plainName(to.name), key: to.key, ...parts }, from);
}

/** An anchor, once self-signed. */
const trusted = ({ name, key }: Party): Crafted => root({ subject: plainName(name), key });

/**
 * A CA that two others certify, of which one path is good. The faulty certificate is sent before and
 * after the good one: a verifier that tries one path only is right in one of the two.
 */
function crossSigned(): readonly ChainCase[] {
  const [anchor, left, right, issuing] = [
    trusted(party('root')),
    party('left'),
    party('right'),
    party('issuing'),
  ];
  return Object.entries(FAULTS).flatMap(([fault, parts]) => {
    const [badLeft, goodLeft, goodRight] = [
      edge(left, anchor, parts),
      edge(left, anchor),
      edge(right, anchor),
    ];
    const [viaLeft, viaRight] = [edge(issuing, goodLeft), edge(issuing, goodRight)];
    const badVia = edge(issuing, goodLeft, parts);
    const below = leaf(viaLeft);
    const orders = (
      id: string,
      first: readonly Crafted[],
      second: readonly Crafted[],
    ): readonly ChainCase[] => [
      {
        id: `path: ${id}, faulty first: ${fault}`,
        presented: [below, ...first, ...second],
        anchors: [anchor],
      },
      {
        id: `path: ${id}, faulty last: ${fault}`,
        presented: [below, ...second, ...first],
        anchors: [anchor],
      },
    ];
    return [
      ...orders('cross-signed, one step', [badVia, goodLeft], [viaRight, goodRight]),
      ...orders('cross-signed, two steps', [viaLeft, badLeft], [viaRight, goodRight]),
      ...orders('both ways faulty', [viaLeft, badLeft], [edge(issuing, goodRight, parts), goodRight]),
      ...orders('the same CA twice', [badLeft, viaLeft], [goodLeft]),
      ...orders(
        'a trusted root cross-signed',
        [edge({ name: 'root', key: anchor.key }, viaLeft, parts)],
        [viaLeft, goodLeft],
      ),
    ];
  });
}

function namesakes(): readonly ChainCase[] {
  const anchor = trusted(party('root'));
  const [one, other] = [edge(party('issuing'), anchor), edge(party('issuing'), anchor)];
  const stranger = trusted(party('root'));
  const [id, otherId] = [Buffer.from('01', 'hex'), Buffer.from('02', 'hex')];
  const identified = party('identified');
  const withId = (subjectId: Buffer, parts: Parts = {}): Crafted =>
    craftCa({ subject: plainName('identified'), key: identified.key, keyId: subjectId, ...parts }, anchor);
  const pointing = leaf(withId(id));
  return [
    {
      id: 'path: two CAs of one name, the other key first',
      presented: [leaf(one), other, one],
      anchors: [anchor],
    },
    {
      id: 'path: two CAs of one name, the right key first',
      presented: [leaf(one), one, other],
      anchors: [anchor],
    },
    {
      id: 'path: two anchors of one name, the right one first',
      presented: [leaf(one), one],
      anchors: [anchor, stranger],
    },
    {
      id: 'path: two anchors of one name, the right one last',
      presented: [leaf(one), one],
      anchors: [stranger, anchor],
    },
    {
      id: 'path: a namesake of the anchor is sent',
      presented: [leaf(one), one, stranger],
      anchors: [anchor],
    },
    {
      id: 'path: an SKI that the AKI names, last',
      presented: [pointing, withId(otherId), withId(id)],
      anchors: [anchor],
    },
    { id: 'path: no SKI that the AKI names', presented: [pointing, withId(otherId)], anchors: [anchor] },
    {
      id: 'path: the SKI that the AKI names is ended',
      presented: [pointing, withId(id, { from: -9, until: -1 }), withId(otherId)],
      anchors: [anchor],
    },
  ];
}

/** RFC 4158 and RFC 5280 §3.2: a CA certifies itself, for a new key or a new time. */
function selfIssued(): readonly ChainCase[] {
  const anchor = trusted(party('root'));
  const [old, young] = [party('issuing'), party('issuing')];
  const limit = (length: number): Parts => ({
    extensions: [basicConstraints(true, Buffer.from([length])), keyUsage(0x06)],
  });
  const rolled = (parts: Parts): readonly Crafted[] => {
    const first = edge(old, anchor, parts);
    return [edge(young, first), first];
  };
  const chain = (
    id: string,
    cas: readonly Crafted[],
    parts: Parts = {},
    more?: readonly Buffer[],
  ): ChainCase => ({
    id: `path: ${id}`,
    presented: [leaf(cas[0] ?? anchor, parts, more), ...cas],
    anchors: [anchor],
  });
  const limited = craftCa({ subject: plainName('issuing'), key: old.key }, anchor, [
    nameConstraints([general.dns('a.test')]),
  ]);
  const strayed = craftCa({ subject: plainName('issuing'), key: young.key }, limited, [
    altNames([general.dns('x.test')]),
  ]);
  const cas = rolled({});
  const twice = edge(party('issuing'), cas[0] ?? anchor);
  const newRoot = party('root');
  const linked = edge(newRoot, anchor);
  return [
    chain('a self-issued CA', cas),
    chain('a self-issued CA below path length 0', rolled(limit(0))),
    chain('two self-issued CAs below path length 0', [
      edge(party('issuing'), rolled(limit(0))[0] ?? anchor),
      ...rolled(limit(0)),
    ]),
    chain('two self-issued CAs', [twice, ...cas]),
    chain('a CA below a self-issued one below path length 0', [
      edge(party('more'), rolled(limit(0))[0] ?? anchor),
      ...rolled(limit(0)),
    ]),
    chain('a self-issued CA of another name', [strayed, limited]),
    chain('a self-issued CA, leaf outside', [edge(young, limited), limited], {}, [
      altNames([general.dns('x.test')]),
    ]),
    chain('the new root, signed by the old', [linked]),
    chain('a loop of two CAs', loop()),
  ];
}

/** A certifies B and B certifies A; neither descends from the root. */
function loop(): readonly Crafted[] {
  const [a, b] = [party('loop a'), party('loop b')];
  const lone = root({ subject: plainName('loop a'), key: a.key });
  const viaB = edge(b, lone);
  return [viaB, edge(a, viaB)];
}

/** Layers of CAs, each certified by each of the layer above: the number of paths is width^depth. */
export function lattice(width: number, depth: number, parts: Parts = {}): ChainCase {
  const anchor = trusted(party('root'));
  const top = party('layer 0');
  let above: readonly Crafted[] = [edge(top, anchor, parts)];
  const all = [...above];
  for (let layer = 1; layer <= depth; layer += 1) {
    const own = party(`layer ${layer}`);
    const below = Array.from({ length: width }, () => edge(own, above[0] ?? anchor));
    all.unshift(...below);
    above = below;
  }
  const [issuer = anchor] = above;
  return { id: `path: a lattice of ${width}^${depth}`, presented: [leaf(issuer), ...all], anchors: [anchor] };
}

export function pathCases(): readonly ChainCase[] {
  return [...crossSigned(), ...namesakes(), ...selfIssued(), lattice(3, 3)];
}
