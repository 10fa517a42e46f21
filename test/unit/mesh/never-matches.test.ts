import { describe, expect, it } from 'vitest';
import { neverMatches } from '../../../src/mesh/never-matches.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import { understandManifests } from '../../../src/config/manifests/understand.ts';
import { STOCK } from '../../support/manifests.ts';

function policy(rule: object, kind = 'AuthorizationPolicy'): KubeObject {
  const metadata = { name: 'p', namespace: 'apps' };
  return { apiVersion: 'security.istio.io/v1', kind, metadata, spec: { rules: [rule] } };
}
const from = (field: string, value: string) => policy({ from: [{ source: { [field]: [value] } }] });
const to = (field: string, value: string) => policy({ to: [{ operation: { [field]: [value] } }] });

describe('values that can never match', () => {
  it.each([
    ['a scheme', from('principals', 'spiffe://td/ns/a/sa/b'), /scheme/, 'td/ns/a/sa/b'],
    ['a scheme in a negation', from('notPrincipals', 'spiffe://td/ns/a/sa/b'), /scheme/, 'td/ns/a/sa/b'],
    ['a lower-case method', to('methods', 'get'), /lower-case/, 'GET'],
    ['a query', to('paths', '/find?q=1'), /query/, '/find'],
    ['a wildcard in a path', to('paths', '/a/*/c'), /middle/, '/a/{*}/c'],
    ['a wildcard in a host', to('hosts', 'a.*.test'), /middle/, 'each value by itself'],
    ['a wildcard in a principal', from('principals', 'td/ns/*/sa/b'), /middle/, 'each value by itself'],
    ['two wildcards', to('paths', '/x/*/y/*'), /more than one/, '/x/{*}/y/{**}'],
  ])('are named with the right spelling: %s', (_, object, said, shouldBe) => {
    expect(neverMatches(object)).toEqual([
      expect.objectContaining({ said: expect.stringMatching(said), shouldBe }),
    ]);
  });

  it.each([
    ['principals without a scheme', from('principals', 'td/ns/a/sa/b')],
    ['an issuer with a scheme', from('requestPrincipals', 'https://issuer.test/*')],
    ['an upper-case method', to('methods', 'GET')],
    ['every value', to('methods', '*')],
    ['a wildcard at the end', to('paths', '/a/*')],
    ['a wildcard at the start', to('hosts', '*.test')],
    ['a template', to('paths', '/a/{*}/c')],
    ['another kind', policy({ to: [{ operation: { methods: ['get'] } }] }, 'RequestAuthentication')],
  ])('are not seen in what matches: %s', (_, object) => {
    expect(neverMatches(object)).toEqual([]);
  });

  it('are problems of manifests, with their line', () => {
    const text = `${STOCK}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: apps }
spec:
  rules:
    - to:
        - operation:
            methods: [get]
`;
    const values = { manifests: ['k.yaml'], port: 80 };
    const { problems } = understandManifests(
      [{ id: 'stock', values, texts: [{ name: 'k.yaml', text }] }],
      'apps',
    );
    const line = text.split('\n').findIndex((each) => each.includes('[get]')) + 1;
    expect(problems).toEqual([
      {
        service: 'stock',
        at: `k.yaml:${line}`,
        message:
          'AuthorizationPolicy p: get has lower-case letters, and methods of HTTP are compared as they are written; write GET',
      },
    ]);
  });
});
