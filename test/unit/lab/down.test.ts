import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { down, type DownContext } from '../../../src/lab/down.ts';
import type { ContainerEngine } from '../../../src/ports/container-engine.ts';
import { labelsOf } from '../../../src/topology/labels.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { labPaths } from '../../../src/topology/paths.ts';
import { createFakeEngine, type FakeEngine } from '../../support/fake-engine.ts';

const lab = createLab(DEFAULT_CHOICE);
const { signal } = new AbortController();
const run = { signal, progress: () => {} };
const IMAGE = { id: 'sha256:1', tags: ['any:1'], labels: {}, sizeBytes: 1 };
const NOTHING = { engineSilent: false, containers: [], volumes: [], networks: [], directories: [] };

describe('down', () => {
  let stateDir = '';
  let engine: FakeEngine;

  beforeEach(async () => {
    stateDir = join(await mkdtemp(join(tmpdir(), 'meshdev-down-')), 'meshdev');
    engine = createFakeEngine({ images: [IMAGE] });
  });
  afterEach(() => rm(join(stateDir, '..'), { recursive: true, force: true }));

  const files = () => labPaths({ cacheDir: '/nowhere', stateDir }, lab.name);
  const context = (reached: ContainerEngine = engine): DownContext => ({
    lab,
    files: files(),
    reachEngine: async () => ({ engine: reached }),
  });

  const labelled = (name: string, labels: Record<string, string>, network = lab.network) =>
    engine.containers.create({ name, image: 'any:1', labels, network }, signal);
  const node = (name: string, network = lab.network) =>
    labelled(name, { 'io.x-k8s.kind.cluster': lab.cluster.name }, network);
  const ours = (role: string) => labelsOf(lab.name, role);

  async function makeLab(): Promise<void> {
    await engine.networks.ensure({ name: lab.network, labels: ours('network'), ipv6: false }, signal);
    await engine.volumes.ensure({ name: 'meshdev-demo-admin', labels: ours('edge') }, signal);
    await labelled(lab.containers.edge, ours('edge'));
    await labelled(lab.containers.idp, ours('idp'));
    await node(lab.cluster.node);
    for (const name of [lab.containers.edge, lab.cluster.node]) await engine.containers.start(name, signal);
    await mkdir(files().labDir, { recursive: true });
    await writeFile(join(files().labDir, 'mesh-root.key'), 'a key');
  }

  async function left(): Promise<readonly string[]> {
    const [containers, networks, volumes] = await Promise.all([
      engine.containers.list({}, signal),
      engine.networks.list({}, signal),
      engine.volumes.list({}, signal),
    ]);
    return [...containers, ...networks, ...volumes].map(({ name }) => name);
  }

  it('removes everything of the lab, the node included, and says so', async () => {
    await makeLab();
    const removed = await down(context(), run);
    expect([...removed.containers].toSorted()).toEqual(
      [lab.containers.edge, lab.containers.idp, lab.cluster.node].toSorted(),
    );
    expect(removed).toMatchObject({
      volumes: ['meshdev-demo-admin'],
      networks: [lab.network],
      directories: [files().labDir],
    });
    expect(await left()).toEqual([]);
    await expect(access(stateDir)).rejects.toThrow('ENOENT');
  });

  it('removes nothing the second time', async () => {
    await makeLab();
    await down(context(), run);
    expect(await down(context(), run)).toEqual(NOTHING);
  });

  it('leaves other labs and strangers alone, whatever their names', async () => {
    await makeLab();
    await engine.networks.ensure(
      { name: 'meshdev-blue', labels: labelsOf('blue', 'network'), ipv6: false },
      signal,
    );
    await labelled('meshdev-blue-edge', labelsOf('blue', 'edge'), 'meshdev-blue');
    await labelled('meshdev-demo-edge-2', {});
    await node('meshdev-demo-worker', 'kind');
    await down(context(), run);
    expect(await left()).toEqual(
      expect.arrayContaining([
        'meshdev-blue',
        'meshdev-blue-edge',
        'meshdev-demo-edge-2',
        'meshdev-demo-worker',
      ]),
    );
  });

  it.each<[string, (engine: FakeEngine) => Promise<void>]>([
    ['its network', async (one) => one.networks.remove(lab.network, signal)],
    ['its edge', async (one) => one.containers.remove(lab.containers.edge, signal)],
    ['its node', async (one) => one.containers.remove(lab.cluster.node, signal)],
    ['its volume', async (one) => one.volumes.remove('meshdev-demo-admin', signal)],
    ['its keys', async () => rm(files().labDir, { recursive: true })],
  ])('removes the rest of a lab that lost %s', async (_, lose) => {
    await makeLab();
    for (const name of [lab.containers.edge, lab.cluster.node]) await engine.containers.stop(name, 1, signal);
    await lose(engine);
    await down(context(), run);
    expect(await left()).toEqual([]);
  });

  it('does not take a node that is on a network of somebody else’s, though it has the lab’s name', async () => {
    await engine.networks.ensure({ name: lab.network, labels: {}, ipv6: false }, signal);
    await node(lab.cluster.node);
    expect(await down(context(), run)).toEqual(NOTHING);
    expect(await left()).toEqual([lab.cluster.node, lab.network]);
  });

  it('removes keys and records although no engine answers', async () => {
    await makeLab();
    expect(await down({ ...context(), reachEngine: async () => undefined }, run)).toEqual({
      ...NOTHING,
      engineSilent: true,
      directories: [files().labDir],
    });
  });

  it('names who is on a network of the lab; keys and containers are gone by then', async () => {
    await makeLab();
    await labelled('guest', {});
    const inUse: ContainerEngine = {
      ...engine,
      networks: {
        ...engine.networks,
        remove: async (name) =>
          Promise.reject(new MeshdevError('ENGINE_CALL_FAILED', { message: `${name} has active endpoints` })),
      },
    };
    await expect(down(context(inUse), run)).rejects.toMatchObject({
      code: 'ENGINE_CALL_FAILED',
      message: expect.stringContaining('guest is still on it'),
      remedies: [`docker network disconnect --force ${lab.network} guest`, 'meshdev down'],
    });
    expect(await left()).not.toContain(lab.containers.edge);
    await expect(access(files().labDir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('asks again for a container that the engine kept', async () => {
    await makeLab();
    let kept = 0;
    const slow: ContainerEngine = {
      ...engine,
      containers: {
        ...engine.containers,
        remove: async (name, within) => {
          kept += 1;
          if (kept > 3) await engine.containers.remove(name, within);
        },
      },
    };
    await down(context(slow), run);
    expect(await left()).toEqual([]);
  });
});
