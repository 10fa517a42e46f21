import { beforeEach, describe, expect, it } from 'vitest';
import { removeNode } from '../../../../src/up/steps/cluster.ts';
import { createLab, DEFAULT_CHOICE } from '../../../../src/topology/lab.ts';
import { createFakeEngine, type FakeEngine } from '../../../support/fake-engine.ts';

const lab = createLab(DEFAULT_CHOICE);
const { signal } = new AbortController();
const IMAGE = { id: 'sha256:1', tags: ['node:1'], labels: {}, sizeBytes: 1 };

describe('the node of an earlier cluster', () => {
  let engine: FakeEngine;

  async function nodeOn(network: string): Promise<void> {
    await engine.networks.ensure({ name: network, labels: {}, ipv6: false }, signal);
    await engine.containers.create({ name: lab.cluster.node, image: 'node:1', network, labels: {} }, signal);
  }

  beforeEach(() => {
    engine = createFakeEngine({ images: [IMAGE] });
  });

  it('goes when it is on the network of the lab', async () => {
    await nodeOn(lab.network);
    await removeNode(engine, lab, signal);
    expect(await engine.containers.inspect(lab.cluster.node, signal)).toBeUndefined();
  });

  it('stays when it is of somebody else’s cluster', async () => {
    await nodeOn('kind');
    await expect(removeNode(engine, lab, signal)).rejects.toMatchObject({ code: 'LAB_FOREIGN' });
    expect(await engine.containers.inspect(lab.cluster.node, signal)).toBeDefined();
  });

  it('may be gone', async () => {
    await expect(removeNode(engine, lab, signal)).resolves.toBeUndefined();
  });
});
