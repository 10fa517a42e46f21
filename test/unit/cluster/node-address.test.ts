import { describe, expect, it } from 'vitest';
import { compareAddress, movedNode, stopIfMoved } from '../../../src/cluster/node-address.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { createFakeEngine, type FakeEngine } from '../../support/fake-engine.ts';

const lab = createLab(DEFAULT_CHOICE);
const { node } = lab.cluster;
const { signal } = new AbortController();
const IMAGE = { id: 'sha256:1', tags: ['node:1'], labels: {}, sizeBytes: 1 };

async function engineWithNode(known: string): Promise<FakeEngine> {
  const engine = createFakeEngine({ images: [IMAGE] });
  await engine.networks.ensure({ name: lab.network, labels: {}, ipv6: false }, signal);
  await engine.containers.create({ name: node, image: 'node:1', labels: {}, network: lab.network }, signal);
  await engine.containers.putFiles(node, [{ path: '/kind/old-ipv4', mode: 0o644, content: known }], signal);
  await engine.containers.start(node, signal);
  return engine;
}

const stateIn = async (engine: FakeEngine) => (await engine.containers.inspect(node, signal))?.state;

describe('the address of a node', () => {
  it('is told apart from the one that its cluster was set up for', () => {
    expect(compareAddress(node, '172.24.0.5', '172.24.0.2')).toEqual({
      state: 'stopped',
      seen: `node ${node} has the address 172.24.0.5, its cluster was set up for 172.24.0.2`,
    });
  });

  it.each([
    ['172.24.0.5', '172.24.0.5'],
    ['', '172.24.0.2'],
    ['172.24.0.5', ''],
    ['172.24.0.5', undefined],
  ])('%j is no difference to %j', (address, known) => {
    expect(compareAddress(node, address, known)).toBeUndefined();
  });

  it('stops a node that has moved, and no other one', async () => {
    const moved = await engineWithNode('10.0.0.1');
    expect(await movedNode(moved, lab, signal)).toMatchObject({ state: 'stopped' });
    await stopIfMoved(moved, lab, signal);
    expect(await stateIn(moved)).toBe('exited');
    expect(await movedNode(moved, lab, signal)).toBeUndefined();

    const address = (await engineWithNode('')).containers;
    const own = (await address.inspect(node, signal))?.networks[0]?.address ?? '';
    const still = await engineWithNode(own);
    await stopIfMoved(still, lab, signal);
    expect(await stateIn(still)).toBe('running');
  });
});
