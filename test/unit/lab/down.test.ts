import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { down, type DownContext, planDown } from '../../../src/lab/down.ts';
import type { ContainerEngine } from '../../../src/ports/container-engine.ts';
import { createLabOwner } from '../../../src/lab/lab-owner.ts';
import { labelsOf, ownerLabels, type OwnerMark } from '../../../src/topology/labels.ts';
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

  const paths = () => ({ cacheDir: '/nowhere', stateDir });
  const files = () => labPaths(paths(), lab.name);
  const context = (reached: ContainerEngine = engine): DownContext => ({
    lab,
    files: files(),
    paths: paths(),
    owner: createLabOwner(paths(), files()),
    reachEngine: async () => ({ engine: reached }),
  });

  const labelled = (name: string, labels: Record<string, string>, network = lab.network) =>
    engine.containers.create({ name, image: 'any:1', labels, network }, signal);
  const node = (name: string, network = lab.network) =>
    labelled(name, { 'io.x-k8s.kind.cluster': lab.cluster.name }, network);
  const ours = (role: string) => ({ ...labelsOf(lab.name, role), ...marks });
  let marks: Record<string, string> = {};

  /** As this version makes one, or with `mark` somebody else, or an earlier version, which marked nothing. */
  async function makeLab(mark?: OwnerMark | 'earlier'): Promise<void> {
    const made = mark ?? (await createLabOwner(paths(), files()).ensure());
    marks = made === 'earlier' ? {} : ownerLabels(made);
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

  it('says before what it would remove, and changes nothing', async () => {
    await makeLab();
    const before = await left();
    const planned = await planDown(context(), signal);
    expect(await left()).toEqual(before);
    await expect(access(join(files().labDir, 'mesh-root.key'))).resolves.toBeUndefined();
    const removed = await down(context(), run);
    expect({ ...planned, containers: planned.containers.toSorted() }).toEqual({
      ...removed,
      containers: removed.containers.toSorted(),
    });
    expect(await planDown(context(), signal)).toEqual(NOTHING);
  });

  it('says before that it would refuse', async () => {
    await makeLab({ id: 'other', by: 'her@there', from: '/elsewhere/meshdev', at: '2026-01-01T00:00:00Z' });
    await expect(planDown(context(), signal)).rejects.toMatchObject({ code: 'LAB_FOREIGN' });
  });

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
    ['its keys', async () => rm(join(files().labDir, 'mesh-root.key'))],
    [
      'all but its node',
      async (one) => {
        for (const name of [lab.containers.edge, lab.containers.idp])
          await one.containers.remove(name, signal);
        await one.volumes.remove('meshdev-demo-admin', signal);
        await one.networks.remove(lab.network, signal);
      },
    ],
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
      message: expect.stringContaining('guest is still connected to it'),
      remedies: [`docker network disconnect --force ${lab.network} guest`, 'meshdev down'],
    });
    expect(await left()).not.toContain(lab.containers.edge);
    await expect(access(join(files().labDir, 'mesh-root.key'))).rejects.toMatchObject({ code: 'ENOENT' });
    await engine.containers.remove('guest', signal);
    expect(await down(context(), run)).toMatchObject({ networks: [lab.network] });
    await expect(access(stateDir)).rejects.toMatchObject({ code: 'ENOENT' });
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

  describe('what another state directory made', () => {
    let elsewhere = '';
    const theirs = () => ({ cacheDir: '/nowhere', stateDir: join(elsewhere, 'meshdev') });
    const theirOwner = () => createLabOwner(theirs(), labPaths(theirs(), lab.name));

    beforeEach(async () => {
      elsewhere = await mkdtemp(join(tmpdir(), 'meshdev-elsewhere-'));
      const mark = await theirOwner().ensure();
      await makeLab(mark);
    });
    afterEach(() => rm(elsewhere, { recursive: true, force: true }));

    it('stays, and so do the keys here; its own down is named', async () => {
      const before = await left();
      await expect(down(context(), run)).rejects.toMatchObject({
        code: 'LAB_FOREIGN',
        message: expect.stringMatching(
          new RegExp(
            `created it less than a minute ago from the state directory ${join(elsewhere, 'meshdev')}`,
          ),
        ),
        remedies: [`XDG_STATE_HOME=${elsewhere} meshdev down --name ${lab.name}`],
      });
      expect(await left()).toEqual(before);
      await access(join(files().labDir, 'mesh-root.key'));
    });

    it('stays with --force too while its own state directory is there', async () => {
      const before = await left();
      await expect(down(context(), run, true)).rejects.toMatchObject({ code: 'LAB_FOREIGN' });
      expect(await left()).toEqual(before);
    });

    it('goes with --force when that is lost, and only then', async () => {
      await rm(elsewhere, { recursive: true });
      await expect(down(context(), run)).rejects.toMatchObject({
        code: 'LAB_FOREIGN',
        remedies: [`meshdev down --force --name ${lab.name}`],
      });
      await down(context(), run, true);
      expect(await left()).toEqual([]);
    });

    it('is told from a lab of ours that has the same path', async () => {
      await createLabOwner(paths(), files()).ensure();
      await expect(down(context(), run)).rejects.toMatchObject({ code: 'LAB_FOREIGN' });
    });
  });

  describe('a lab of an earlier version', () => {
    beforeEach(() => makeLab('earlier'));

    it('is ours where its keys are', async () => {
      await down(context(), run);
      expect(await left()).toEqual([]);
    });

    it('is somebody else’s where there are no keys of it', async () => {
      await rm(files().labDir, { recursive: true });
      await expect(down(context(), run)).rejects.toMatchObject({
        code: 'LAB_FOREIGN',
        message: expect.stringContaining('did not record which'),
      });
      await down(context(), run, true);
      expect(await left()).toEqual([]);
    });
  });
});
