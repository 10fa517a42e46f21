import { describe, expect, it } from 'vitest';
import type { ContainerPlan } from '../../../src/engine/container-plan.ts';
import { compareContainer, ensureContainer, ownContainer } from '../../../src/engine/ensure-container.ts';
import type { Action } from '../../../src/run/step.ts';
import type { ContainerEngine } from '../../../src/ports/container-engine.ts';
import { LABEL, labelsOf } from '../../../src/topology/labels.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { createFakeEngine, type FakeEngine } from '../../support/fake-engine.ts';

const lab = createLab(DEFAULT_CHOICE);
const { signal } = new AbortController();
const IMAGE = { id: 'sha256:1', tags: ['edge:1', 'edge:2'], labels: {}, sizeBytes: 1 };

const OWNER = { id: 'a1', by: 'ann@box', from: '/home/ann/state', at: '2026-01-01T00:00:00Z' };

/** A step about to bring the container to its plan. */
function run(action: Action = 'create') {
  return { decision: { action, because: 'test' }, signal, owner: OWNER };
}

function plan(change: Partial<ContainerPlan['spec']> = {}, content = 'one'): ContainerPlan {
  return {
    role: 'edge',
    spec: { name: lab.containers.edge, image: 'edge:1', network: lab.network, ...change },
    files: [{ path: '/etc/x', mode: 0o600, content }],
  };
}

async function engineWithNetwork(): Promise<FakeEngine> {
  const engine = createFakeEngine({ images: [IMAGE] });
  await engine.networks.ensure(
    { name: lab.network, labels: labelsOf(lab.name, 'network'), ipv6: false },
    signal,
  );
  return engine;
}

async function stateOf(engine: ContainerEngine, wanted = plan()): Promise<string> {
  return compareContainer(await ownContainer(engine, lab, wanted.spec.name, signal), wanted).state;
}

async function fileIn(engine: ContainerEngine): Promise<string | undefined> {
  return (await engine.containers.readFile(lab.containers.edge, '/etc/x', signal))?.toString('utf8');
}

describe('compareContainer', () => {
  it('lets one that is paused go on, which an engine does not start', async () => {
    const engine = await engineWithNetwork();
    await ensureContainer(engine, lab, plan(), run());
    await engine.containers.pause(lab.containers.edge, signal);
    expect(await stateOf(engine)).toBe('stopped');
    await ensureContainer(engine, lab, plan(), run('start'));
    expect(await stateOf(engine)).toBe('same');
  });

  it('says of what runs from another specification that people may be connected to it', async () => {
    const engine = await engineWithNetwork();
    await ensureContainer(engine, lab, plan(), run());
    const seen = async () =>
      compareContainer(
        await ownContainer(engine, lab, lab.containers.edge, signal),
        plan({ image: 'edge:2' }),
      );
    expect(await seen()).toMatchObject({ state: 'differs', inUse: true });
    await engine.containers.pause(lab.containers.edge, signal);
    expect(await seen()).toMatchObject({ state: 'differs', inUse: true });
    await engine.containers.stop(lab.containers.edge, 1, signal);
    expect(await seen()).toMatchObject({ state: 'differs', inUse: false });
  });
});

describe('ensureContainer', () => {
  it('makes it with its files and labels, and starts it', async () => {
    const engine = await engineWithNetwork();
    expect(await stateOf(engine)).toBe('absent');
    await ensureContainer(engine, lab, plan(), run());
    expect(await stateOf(engine)).toBe('same');
    expect(await fileIn(engine)).toBe('one');
    const found = await engine.containers.inspect(lab.containers.edge, signal);
    expect(found?.labels).toMatchObject({ ...labelsOf(lab.name, 'edge'), [LABEL.owner]: OWNER.id });
    expect(found?.state).toBe('running');
  });

  it('does not touch what matches', async () => {
    const engine = await engineWithNetwork();
    await ensureContainer(engine, lab, plan(), run());
    const before = await engine.containers.inspect(lab.containers.edge, signal);
    await ensureContainer(engine, lab, plan(), run());
    expect(await engine.containers.inspect(lab.containers.edge, signal)).toEqual(before);
  });

  it('starts what was stopped, without making it anew', async () => {
    const engine = await engineWithNetwork();
    await ensureContainer(engine, lab, plan(), run());
    const before = await engine.containers.inspect(lab.containers.edge, signal);
    await engine.containers.stop(lab.containers.edge, 1, signal);
    expect(await stateOf(engine)).toBe('stopped');
    await ensureContainer(engine, lab, plan(), run());
    const after = await engine.containers.inspect(lab.containers.edge, signal);
    expect(after).toMatchObject({ id: before?.id, state: 'running' });
  });

  it.each([['running'], ['stopped']])(
    'makes one that is %s anew when it is to be replaced',
    async (state) => {
      const engine = await engineWithNetwork();
      await ensureContainer(engine, lab, plan(), run());
      const before = await engine.containers.inspect(lab.containers.edge, signal);
      if (state === 'stopped') await engine.containers.stop(lab.containers.edge, 1, signal);
      await ensureContainer(engine, lab, plan(), run('replace'));
      const after = await engine.containers.inspect(lab.containers.edge, signal);
      expect(after?.state).toBe('running');
      expect(after?.id).not.toBe(before?.id);
    },
  );

  it.each([
    ['its image', plan({ image: 'edge:2' })],
    ['a file', plan({}, 'two')],
    ['its restart policy', plan({ restart: 'on-failure' })],
  ])('replaces it when %s is another', async (_, wanted) => {
    const engine = await engineWithNetwork();
    await ensureContainer(engine, lab, plan(), run());
    const before = await engine.containers.inspect(lab.containers.edge, signal);
    expect(await stateOf(engine, wanted)).toBe('differs');
    await ensureContainer(engine, lab, wanted, run());
    expect(await stateOf(engine, wanted)).toBe('same');
    expect((await engine.containers.inspect(lab.containers.edge, signal))?.id).not.toBe(before?.id);
  });

  it('says of one that died by itself that it did', async () => {
    const engine = await engineWithNetwork();
    await ensureContainer(engine, lab, plan(), run());
    const found = await engine.containers.inspect(lab.containers.edge, signal);
    if (found === undefined) throw new Error('no container');
    expect(compareContainer(found, plan()).seen).not.toContain('died');
    expect(compareContainer({ ...found, restarts: 2 }, plan())).toMatchObject({
      state: 'same',
      seen: expect.stringContaining('it exited and the engine restarted it (restarts: 2)'),
    });
  });

  it('replaces one that an interrupted run made without its files', async () => {
    const engine = await engineWithNetwork();
    const broken: ContainerEngine = {
      ...engine,
      containers: { ...engine.containers, putFiles: async () => Promise.reject(new Error('interrupted')) },
    };
    await expect(ensureContainer(broken, lab, plan(), run())).rejects.toThrow('interrupted');
    expect(await stateOf(engine)).toBe('differs');
    await ensureContainer(engine, lab, plan(), run());
    expect(await stateOf(engine)).toBe('same');
    expect(await fileIn(engine)).toBe('one');
  });

  it('never takes, changes or removes somebody else’s container of that name', async () => {
    const engine = await engineWithNetwork();
    const foreign = { ...plan().spec, labels: { [LABEL.spec]: 'whatever' } };
    const id = await engine.containers.create(foreign, signal);
    await expect(stateOf(engine)).rejects.toMatchObject({ code: 'LAB_FOREIGN' });
    await expect(ensureContainer(engine, lab, plan(), run())).rejects.toMatchObject({ code: 'LAB_FOREIGN' });
    expect((await engine.containers.inspect(lab.containers.edge, signal))?.id).toBe(id);
  });

  it('does not take the container of another lab for its own', async () => {
    const engine = await engineWithNetwork();
    await ensureContainer(engine, { ...lab, name: 'blue' }, plan(), run());
    await expect(ownContainer(engine, lab, lab.containers.edge, signal)).rejects.toMatchObject({
      code: 'LAB_FOREIGN',
      message: expect.stringContaining(lab.containers.edge),
    });
  });
});
