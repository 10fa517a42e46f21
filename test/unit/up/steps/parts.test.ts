import { describe, expect, it } from 'vitest';
import type { Container } from '../../../../src/ports/container-engine.ts';
import { compareNode } from '../../../../src/up/steps/compare-node.ts';
import { summarise } from '../../../../src/up/steps/objects.ts';
import { createLab, DEFAULT_CHOICE } from '../../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);

function node(changes: Partial<Container> = {}): Container {
  return {
    id: '1',
    name: lab.cluster.node,
    image: 'node:1',
    imageId: 'sha256:1',
    labels: {},
    state: 'running',
    health: 'none',
    exitCode: 0,
    outOfMemory: false,
    restarts: 0,
    startedAt: '2026-01-01T00:00:00Z',
    ports: [],
    networks: [{ network: lab.network, address: '10.0.0.2', addressV6: '', aliases: [] }],
    mounts: [],
    ...changes,
  };
}

describe('compareNode', () => {
  const wanted = { image: 'node:1', kubeconfig: true, settled: false };

  it.each([
    ['missing', undefined, wanted, 'absent'],
    ['as wanted', node(), wanted, 'same'],
    ['of another image', node(), { ...wanted, image: 'node:2' }, 'differs'],
    ['half-made', node(), { ...wanted, kubeconfig: false }, 'differs'],
    ['stopped', node({ state: 'exited' }), wanted, 'stopped'],
  ])('%s', (_, found, want, state) => {
    expect(compareNode(found, lab, want).state).toBe(state);
  });

  const other = { ...wanted, image: 'node:2' };
  it.each([
    ['runs, and only its image is another', node(), other, true],
    ['is paused', node({ state: 'paused' }), other, true],
    ['is stopped, with what was deployed in it', node({ state: 'exited' }), other, true],
    ['was created and never started', node({ state: 'created' }), other, false],
    ['was never finished', node(), { ...wanted, kubeconfig: false }, false],
    [
      'lost its kubeconfig after it was finished',
      node(),
      { ...wanted, kubeconfig: false, settled: true },
      true,
    ],
  ])('knows whether people would lose something with one that %s', (_, found, want, inUse) => {
    expect(compareNode(found, lab, want).inUse).toBe(inUse);
  });

  it('never takes a node of somebody else for its own', () => {
    const foreign = node({
      networks: [{ network: 'kind', address: '10.0.0.2', addressV6: '', aliases: [] }],
    });
    expect(() => compareNode(foreign, lab, wanted)).toThrow('not in the network of this lab');
  });

  it('says how one that was taken out of its network is put back, and not how it is removed', () => {
    const outside = node({ networks: [], labels: { 'io.x-k8s.kind.cluster': lab.cluster.name } });
    expect(() => compareNode(outside, lab, wanted)).toThrow(
      expect.objectContaining({
        code: 'LAB_FOREIGN',
        remedies: [
          'docker network connect meshdev-demo meshdev-demo-control-plane',
          'meshdev up --name another',
        ],
      }),
    );
  });
});

describe('summarise', () => {
  const ref = { apiVersion: 'v1', kind: 'Secret', name: 'a' };

  it('is absent only when nothing is there', () => {
    expect(summarise([{ kind: 'missing', ref }]).state).toBe('absent');
    expect(
      summarise([
        { kind: 'missing', ref },
        { kind: 'same', ref },
      ]).state,
    ).toBe('differs');
    expect(summarise([{ kind: 'same', ref }]).state).toBe('same');
  });

  it('names the value that is off', () => {
    const differences = [{ path: 'spec.mtls.mode', seen: 'PERMISSIVE', wanted: 'STRICT' }];
    expect(summarise([{ kind: 'differs', ref, differences }]).seen).toBe(
      'Secret a: spec.mtls.mode is PERMISSIVE, expected STRICT',
    );
  });
});
