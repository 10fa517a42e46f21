import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../../../src/trust/certificate.ts';
import { judgeChain } from '../../../src/trust/judge-chain.ts';
import { searchPaths } from '../../../src/trust/search-paths.ts';
import { lattice } from '../../support/x509/cases/path-cases.ts';
import { leaf, root } from '../../support/x509/cases/chain-case.ts';
import { type Crafted, craftCa, MOMENT } from '../../support/x509/craft.ts';
import { plainName } from '../../support/x509/der-parts.ts';
import { ecKey } from '../../support/x509/signatures.ts';

const read = (list: readonly Crafted[]) => list.map(({ der }) => parseCertificate(der));

function judge(presented: readonly Crafted[], anchors: readonly Crafted[]) {
  return judgeChain({
    presented: read(presented),
    anchors: read(anchors),
    at: MOMENT,
    purpose: 'serverAuth',
  });
}

describe('the search for a path', () => {
  it('ends among a million paths of which none is good', () => {
    const { presented, anchors } = lattice(8, 7, { from: -9, until: -1 });
    const { findings } = judge(presented, anchors);
    expect(findings.map(({ code }) => code)).toContain('CERT_EXPIRED');
  });

  it('looks at no more signatures and steps than it may, and says so', () => {
    const { presented } = lattice(8, 7);
    const [first, ...others] = read(presented);
    if (first === undefined) throw new Error('a lattice without a leaf');
    const paths = [...searchPaths(first, { presented: others, anchors: [] })];
    expect(paths.length).toBeLessThan(2_100);
    const numbers = /after (\d+) signatures and (\d+) steps/.exec(paths.at(-1)?.broken[0]?.message ?? '');
    expect(Number(numbers?.[1])).toBeLessThanOrEqual(200);
    expect(Number(numbers?.[2])).toBeLessThanOrEqual(2_100);
  });

  it('gives up on a crowd of namesakes with other keys', () => {
    const anchor = root();
    const crowd = Array.from({ length: 250 }, () => craftCa({ subject: plainName('crowd') }, anchor));
    const stranger = craftCa({ subject: plainName('crowd') }, anchor);
    const { findings } = judge([leaf(stranger), ...crowd], [anchor]);
    expect(findings.map(({ code }) => code)).toEqual(['CERT_BAD_SIGNATURE']);
  });

  it('finds a good path exactly where one is', () => {
    const parties = ['root', 'a', 'b', 'c'].map((name) => ({ name, key: ecKey() }));
    const place = fc.nat({ max: parties.length - 1 });
    const edges = fc.array(fc.record({ from: place, to: place, good: fc.boolean() }), { maxLength: 10 });
    fc.assert(
      fc.property(edges, fc.nat({ max: parties.length - 1 }), (list, issuing) => {
        const { anchor, certificates, issuer } = graphOf(parties, list, issuing);
        const found = judge([leaf(issuer), ...certificates], [anchor]).findings.every(
          ({ code }) => code === 'CERT_CHAIN_UNTIDY',
        );
        expect(found).toBe(
          isReachable(
            list.filter(({ good }) => good),
            issuing,
          ),
        );
      }),
      { numRuns: 60 },
    );
  });
});

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly good: boolean;
}

type Parties = readonly { readonly name: string; readonly key: Crafted['key'] }[];

/** Party 0 is trusted; an edge is a certificate, which has ended where it is not good. */
function graphOf(parties: Parties, edges: readonly Edge[], issuing: number) {
  const signer = (at: number): Crafted => {
    const { name = '', key = ecKey() } = parties[at] ?? {};
    return root({ subject: plainName(name), key });
  };
  const certificates = edges.map(({ from, to, good }) => {
    const { name = '', key = ecKey() } = parties[to] ?? {};
    return craftCa({ subject: plainName(name), key, ...(good ? {} : { from: -9, until: -1 }) }, signer(from));
  });
  return { anchor: signer(0), certificates, issuer: signer(issuing) };
}

/** Every way through the graph, tried one by one. */
function isReachable(edges: readonly Edge[], from: number, seen: readonly number[] = []): boolean {
  if (from === 0) return true;
  return edges.some(
    (edge) => edge.to === from && !seen.includes(edge.from) && isReachable(edges, edge.from, [...seen, from]),
  );
}
