import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spiffeId } from '../../../src/topology/identity.ts';
import { formatSpiffe, parseSpiffe, parseWorkload } from '../../../src/trust/spiffe.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);

describe('SPIFFE IDs', () => {
  it('come back as they went', () => {
    const identity = fc.record({ trustDomain: label, namespace: label, serviceAccount: label });
    fc.assert(
      fc.property(identity, (workload) => {
        const uri = spiffeId(workload);
        expect(parseWorkload(uri)).toEqual(workload);
        const parsed = parseSpiffe(uri);
        expect(parsed && formatSpiffe(parsed)).toBe(uri);
      }),
    );
  });

  it('may have no path, and then are no workload', () => {
    expect(parseSpiffe('spiffe://cluster.local')).toEqual({ trustDomain: 'cluster.local', path: '' });
    expect(parseWorkload('spiffe://cluster.local')).toBeUndefined();
    expect(parseWorkload('spiffe://cluster.local/ns/a/sa/b/c')).toBeUndefined();
  });

  it.each([
    'SPIFFE://cluster.local/a',
    'spiffe://',
    'spiffe:///a',
    'spiffe://Cluster.local/a',
    'spiffe://cluster.local/',
    'spiffe://cluster.local//a',
    'spiffe://cluster.local/a/',
    'spiffe://cluster.local/./a',
    'spiffe://cluster.local/..',
    'spiffe://cluster.local:8443/a',
    'spiffe://user@cluster.local/a',
    'spiffe://cluster.local/a?b',
    'spiffe://cluster.local/a#b',
    'spiffe://cluster.local/%61',
    'https://cluster.local/a',
    `spiffe://cluster.local/${'a'.repeat(2048)}`,
  ])('are never %s', (uri) => {
    expect(parseSpiffe(uri)).toBeUndefined();
  });
});
