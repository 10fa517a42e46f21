import { isDeepStrictEqual } from 'node:util';
import { assert, jsonValue, pre, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyDifferences,
  differences,
  isIstioKind,
  specDifferences,
} from '../../../src/cluster/differences.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';

const policy = (spec: unknown, metadata: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  metadata: { name: 'default', ...metadata },
  spec,
});

describe('differences of two values', () => {
  it('names the path, what is there and what should be', () => {
    const found = differences({ rules: [{ to: ['a'], n: 1 }] }, { rules: [{ to: ['b'], n: 1 }] }, 'spec');
    expect(found).toEqual([{ path: 'spec.rules[0].to[0]', seen: 'a', wanted: 'b' }]);
  });

  it('says "nothing" for what is missing on one side, and shows lists of another length whole', () => {
    expect(differences({ a: 1 }, { b: [1] }, '')).toEqual([
      { path: 'a', seen: '1', wanted: 'nothing' },
      { path: 'b', seen: 'nothing', wanted: '[1]' },
    ]);
    expect(differences([1], [1, 2], 'x')).toEqual([{ path: 'x', seen: '[1]', wanted: '[1,2]' }]);
  });

  it('quotes keys that would break the path', () => {
    expect(differences({}, { 'tls.crt': 'x' }, 'data')).toMatchObject([{ path: 'data["tls.crt"]' }]);
  });

  it('finds none between a JSON value and its copy', () => {
    assert(
      property(jsonValue(), (value) => {
        expect(differences(structuredClone(value), value, '')).toEqual([]);
      }),
    );
  });

  it('finds some between JSON values that are not equal', () => {
    assert(
      property(jsonValue(), jsonValue(), (left, right) => {
        pre(!isDeepStrictEqual(left, right));
        expect(differences(left, right, '')).not.toEqual([]);
      }),
    );
  });
});

describe("Istio's objects", () => {
  it('are told by their group', () => {
    expect(isIstioKind({ apiVersion: 'security.istio.io/v1' })).toBe(true);
    expect(isIstioKind({ apiVersion: 'networking.istio.io/v1alpha3' })).toBe(true);
    expect(isIstioKind({ apiVersion: 'gateway.networking.k8s.io/v1' })).toBe(false);
    expect(isIstioKind({ apiVersion: 'v1' })).toBe(false);
  });

  it('differ by a key that somebody added', () => {
    const wanted = policy({ mtls: { mode: 'STRICT' } });
    const live = policy({ mtls: { mode: 'STRICT' }, portLevelMtls: { 8080: { mode: 'DISABLE' } } });
    expect(specDifferences(live, wanted)).toMatchObject([{ path: 'spec.portLevelMtls', wanted: 'nothing' }]);
    expect(specDifferences(wanted, wanted)).toEqual([]);
  });

  it('may carry labels of others, not lose ours', () => {
    const wanted = policy({}, { labels: { a: '1' } });
    expect(specDifferences(policy({}, { labels: { a: '1', b: '2' } }), wanted)).toEqual([]);
    expect(specDifferences(policy({}, { labels: { b: '2' } }), wanted)).toEqual([
      { path: 'metadata.labels.a', seen: 'nothing', wanted: '1' },
    ]);
  });
});

describe('other objects, compared with a dry run', () => {
  const secret = (value: string, version: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', resourceVersion: version, managedFields: [version], uid: 'u' },
    data: { 'tls.key': value },
    status: { version },
  });

  it('do not differ by what the server keeps for itself', () => {
    expect(applyDifferences(secret('a', '1'), secret('a', '2'))).toEqual([]);
  });

  it('never show the value of a secret', () => {
    const found = applyDifferences(secret('aGVsbG8=', '1'), secret('d29ybGQ=', '2'));
    expect(found).toEqual([{ path: 'data["tls.key"]', seen: '[another value]', wanted: '[secret]' }]);
  });
});
