import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseAsleep } from '../../../src/lab/asleep.ts';
import { createLabOwner } from '../../../src/lab/lab-owner.ts';
import { changePower, lookAtPower, planPower, type PowerContext } from '../../../src/lab/power.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { labelsOf, ownerLabels, type OwnerMark } from '../../../src/topology/labels.ts';
import { labPaths } from '../../../src/topology/paths.ts';
import { createFakeEngine, type FakeEngine } from '../../support/fake-engine.ts';

const lab = createLab(DEFAULT_CHOICE);
const { edge, idp, probe } = lab.containers;
const { node } = lab.cluster;
const { signal } = new AbortController();
const run = { signal, progress: () => {} };
const IMAGE = { id: 'sha256:1', tags: ['any:1'], labels: {}, sizeBytes: 1 };

describe('the order of the containers', () => {
  const all = (state: 'running' | 'paused' | 'exited') =>
    [node, probe, idp, edge].map((name) => ({ name, state }));

  it('is edge, node and the rest, and the other way round to resume', () => {
    expect(planPower('stop', lab, all('running'))).toEqual({
      stages: [[edge], [node], [idp, probe]],
      kept: [],
    });
    expect(planPower('pause', lab, all('running')).stages).toEqual([[edge], [node], [idp, probe]]);
    expect(planPower('resume', lab, all('paused')).stages).toEqual([[idp, probe], [node], [edge]]);
  });

  it('leaves out what is in the wanted state, or in none that can be changed', () => {
    expect(planPower('stop', lab, all('exited'))).toEqual({ stages: [], kept: [node, edge, idp, probe] });
    expect(planPower('stop', lab, all('paused')).stages.flat()).toHaveLength(4);
    expect(planPower('pause', lab, all('exited')).stages).toEqual([]);
    expect(planPower('resume', lab, all('running')).stages).toEqual([]);
  });
});

describe('a lab', () => {
  let dir = '';
  let engine: FakeEngine;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'meshdev-power-'));
    engine = createFakeEngine({ images: [IMAGE] });
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const paths = () => ({ cacheDir: '/nowhere', stateDir: dir });
  const owner = () => createLabOwner(paths(), labPaths(paths(), lab.name));
  const context = (): PowerContext & Parameters<typeof refuseAsleep>[0] => ({
    lab,
    paths: paths(),
    owner: owner(),
    engine: async () => engine,
    reachEngine: async () => undefined,
  });

  async function makeLab(mark?: OwnerMark): Promise<void> {
    const marks = ownerLabels(mark ?? (await owner().ensure()));
    const labels = (role: string) => ({ ...labelsOf(lab.name, role), ...marks });
    await engine.networks.ensure({ name: lab.network, labels: labels('network'), ipv6: false }, signal);
    const kind = { 'io.x-k8s.kind.cluster': lab.cluster.name };
    for (const name of [edge, idp, probe]) await container(name, labels('any'));
    await container(node, kind);
  }

  async function container(name: string, labels: Record<string, string>): Promise<void> {
    await engine.containers.create({ name, image: 'any:1', labels, network: lab.network }, signal);
    await engine.containers.start(name, signal);
  }

  const states = async () =>
    Object.fromEntries((await engine.containers.list({}, signal)).map(({ name, state }) => [name, state]));

  it('stops, and a second stop does nothing; containers of others go on', async () => {
    await makeLab();
    await container('stranger', {});
    await container('meshdev-demo-2-edge', labelsOf('demo-2', 'edge'));
    const { changed } = await changePower('stop', context(), run);
    expect(changed).toEqual([edge, node, idp, probe]);
    expect(await states()).toEqual({
      [edge]: 'exited',
      [node]: 'exited',
      [idp]: 'exited',
      [probe]: 'exited',
      stranger: 'running',
      'meshdev-demo-2-edge': 'running',
    });
    expect(await changePower('stop', context(), run)).toMatchObject({ changed: [] });
  });

  it('pauses, is stopped from there, and is not resumed from there', async () => {
    await makeLab();
    await changePower('pause', context(), run);
    expect(Object.values(await states())).toEqual(['paused', 'paused', 'paused', 'paused']);
    expect(await changePower('pause', context(), run)).toMatchObject({ changed: [] });
    await changePower('stop', context(), run);
    expect(Object.values(await states())).toEqual(['exited', 'exited', 'exited', 'exited']);
    for (const action of ['pause', 'resume'] as const)
      await expect(changePower(action, context(), run)).rejects.toMatchObject({
        code: 'LAB_STOPPED',
        remedies: ['meshdev start'],
      });
  });

  it('goes on after a pause that was interrupted', async () => {
    await makeLab();
    await engine.containers.pause(edge, signal);
    expect((await changePower('pause', context(), run)).changed).toEqual([node, idp, probe]);
    expect((await changePower('resume', context(), run)).changed).toEqual([idp, probe, node, edge]);
    expect(Object.values(await states())).toEqual(['running', 'running', 'running', 'running']);
  });

  it('of another state directory is not touched', async () => {
    await makeLab({ id: 'other', by: 'her@there', from: '/elsewhere', at: '2026-01-01T00:00:00Z' });
    await owner().ensure();
    for (const action of ['stop', 'pause', 'resume'] as const)
      await expect(changePower(action, context(), run)).rejects.toMatchObject({ code: 'LAB_FOREIGN' });
    expect(new Set(Object.values(await states()))).toEqual(new Set(['running']));
  });

  it('that does not exist is said to be so', async () => {
    await expect(lookAtPower('stop', context(), signal)).rejects.toMatchObject({
      code: 'LAB_NOT_UP',
      remedies: ['meshdev up', 'meshdev list'],
    });
  });

  it('that sleeps is not asked anything, and the error names what wakes it', async () => {
    await makeLab();
    const reachable: Parameters<typeof refuseAsleep>[0] = {
      lab,
      reachEngine: async () => ({
        engine,
        found: { endpoint: engine.endpoint, because: 'test', version: '1' },
      }),
    };
    await refuseAsleep(reachable, 'checking', signal);
    await changePower('pause', context(), run);
    await expect(refuseAsleep(reachable, 'checking', signal)).rejects.toMatchObject({
      code: 'LAB_PAUSED',
      message: 'checking: the containers of lab demo are paused',
      remedies: ['meshdev resume'],
    });
    await changePower('stop', context(), run);
    await expect(refuseAsleep(reachable, 'checking', signal)).rejects.toMatchObject({ code: 'LAB_STOPPED' });
    await engine.containers.start(edge, signal);
    await refuseAsleep(reachable, 'checking', signal);
  });
});
