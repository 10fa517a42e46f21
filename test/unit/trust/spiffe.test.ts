import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spiffeId } from '../../../src/topology/identity.ts';
import { parseSpiffe } from '../../../src/trust/spiffe.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);

describe('SPIFFE IDs', () => {
  it('of workloads are taken apart', () => {
    const identity = fc.record({ trustDomain: label, namespace: label, serviceAccount: label });
    fc.assert(
      fc.property(identity, ({ trustDomain, namespace, serviceAccount }) => {
        expect(parseSpiffe(spiffeId({ trustDomain, namespace, serviceAccount }))).toEqual({
          trustDomain,
          path: `/ns/${namespace}/sa/${serviceAccount}`,
        });
      }),
    );
  });

  it('may have no path', () => {
    expect(parseSpiffe('spiffe://cluster.local')).toEqual({ trustDomain: 'cluster.local', path: '' });
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
