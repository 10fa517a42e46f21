import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLabOwner, type OwnState } from '../../../src/lab/lab-owner.ts';
import { foreignLab, type Mark, marksOf, whoseIs } from '../../../src/lab/whose.ts';
import { KIND_CLUSTER, labelsOf, ownerIn, ownerLabels } from '../../../src/topology/labels.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { labPaths } from '../../../src/topology/paths.ts';
import { createFakeEngine } from '../../support/fake-engine.ts';

const lab = createLab(DEFAULT_CHOICE);
const ANN = { id: 'a1', by: 'ann@box', from: '/home/ann/.local/state/meshdev', at: '2026-01-01T00:00:00Z' };
const BOB = { ...ANN, id: 'b2', by: 'bob@box' };

const mine: OwnState = { mark: ANN, unmarkedIsOurs: false, apiPort: 40_001 };
const nothing: OwnState = { mark: undefined, unmarkedIsOurs: false, apiPort: undefined };
const earlier: OwnState = { ...nothing, unmarkedIsOurs: true };

const of = (owner: Mark['owner']): Mark => ({ what: 'container x', owner });
const unmarked = of(undefined);
const node = (apiPort: number | undefined): Mark => ({ what: 'node n', owner: undefined, apiPort });

describe('whose a lab is', () => {
  it.each<[string, readonly Mark[], OwnState, string]>([
    ['nothing is there', [], nothing, 'nobody'],
    ['all of it is ours', [of(ANN), of(ANN)], mine, 'ours'],
    ['kind’s node beside what is ours', [of(ANN), node(40_002)], mine, 'ours'],
    ['something of another owner among it', [of(ANN), of(BOB)], mine, 'foreign'],
    ['it is marked, and this directory has none', [of(ANN)], nothing, 'foreign'],
    ['it is marked, and this directory has an unmarked one', [of(ANN)], earlier, 'foreign'],
    ['unmarked, and this directory has nothing', [unmarked], nothing, 'foreign'],
    ['unmarked, and this directory has one of its own', [unmarked], mine, 'foreign'],
    ['unmarked beside what is ours', [unmarked, of(ANN)], mine, 'ours'],
    ['unmarked, and so is the lab of this directory', [unmarked, node(1)], earlier, 'ours'],
    [
      'taken over, while its node is made anew',
      [unmarked, node(1)],
      { ...mine, unmarkedIsOurs: true },
      'ours',
    ],
    ['the kubeconfig is of this node', [unmarked, node(40_001)], { ...earlier, apiPort: 40_001 }, 'ours'],
    [
      'the kubeconfig is of another node',
      [unmarked, node(40_002)],
      { ...earlier, apiPort: 40_001 },
      'foreign',
    ],
    ['the node is all that is left of ours', [node(40_002)], mine, 'ours'],
    ['a node alone, and nothing here', [node(undefined)], nothing, 'foreign'],
  ])('%s', (_, marks, own, kind) => {
    expect(whoseIs(marks, own).kind).toBe(kind);
  });
});

describe('LAB_FOREIGN', () => {
  const at = (now: string) => ({ here: '/b/meshdev', now: Date.parse(now) });
  const foreign = {
    kind: 'foreign' as const,
    owner: ANN,
    what: ['network meshdev-demo', 'volume v', 'node n'],
  };

  it('names the owner, both directories, the age and another name', () => {
    expect(foreignLab('demo', foreign, at('2026-01-01T05:59:00Z'))).toMatchObject({
      code: 'LAB_FOREIGN',
      message:
        'looking for the lab demo: this state directory (/b/meshdev) does not contain it; ann@box created it 5 h ago from the state directory /home/ann/.local/state/meshdev (network meshdev-demo, node n and 1 more)',
      remedies: ['meshdev up --name another'],
    });
  });

  it('says that the same path is no proof', () => {
    const here = ANN.from;
    expect(foreignLab('demo', foreign, { here, now: 0 }).message).toContain('at the same path');
  });

  it.each([
    ['2026-01-01T00:00:30Z', 'less than a minute ago'],
    ['2026-01-01T01:59:00Z', '119 min ago'],
    ['2026-01-03T00:00:00Z', '2 days ago'],
  ])('at %s it is %s', (now, age) => {
    expect(foreignLab('demo', foreign, at(now)).message).toContain(age);
  });
});

describe('marks on the engine', () => {
  it('are those of networks, containers, volumes and the node of this lab', async () => {
    const { signal } = new AbortController();
    const engine = createFakeEngine({ images: [{ id: 'i', tags: ['any:1'], labels: {}, sizeBytes: 1 }] });
    const labels = { ...labelsOf(lab.name, 'x'), ...ownerLabels(ANN) };
    await engine.networks.ensure({ name: lab.network, labels, ipv6: false }, signal);
    await engine.volumes.ensure({ name: 'v', labels }, signal);
    const create = (name: string, own: Record<string, string>, network = lab.network) =>
      engine.containers.create({ name, image: 'any:1', labels: own, network }, signal);
    await create('c', labels);
    await create(lab.cluster.node, { [KIND_CLUSTER]: lab.cluster.name });
    await create('stranger', { [KIND_CLUSTER]: lab.cluster.name }, 'kind');
    await create('blue', { ...labelsOf('blue', 'x'), ...ownerLabels(BOB) });
    const marks = await marksOf(engine, lab, signal);
    expect(marks.map(({ what, owner }) => [what, owner?.id])).toEqual([
      [`network ${lab.network}`, 'a1'],
      ['container c', 'a1'],
      ['volume v', 'a1'],
      [`node ${lab.cluster.node}`, undefined],
    ]);
    expect(ownerIn(labels)).toEqual(ANN);
  });
});

describe('the identity in the state directory', () => {
  let stateDir = '';
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'meshdev-owner-'));
  });
  afterEach(() => rm(stateDir, { recursive: true, force: true }));

  const files = () => labPaths({ stateDir, cacheDir: '/nowhere' }, lab.name);
  const owner = () => createLabOwner({ stateDir }, files());

  it('is made once, also by several at a time', async () => {
    const made = await Promise.all([owner().ensure(), owner().ensure(), owner().ensure()]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await owner().read()).toMatchObject({ mark: made[0], unmarkedIsOurs: false });
    expect(made[0]?.from).toBe(stateDir);
  });

  it('remembers that it took over a lab of an earlier version', async () => {
    await mkdir(files().labDir, { recursive: true });
    await writeFile(files().record, '{}');
    await owner().ensure();
    expect(await owner().read()).toMatchObject({ unmarkedIsOurs: true });
  });

  it('reads the port of the kubeconfig', async () => {
    await mkdir(dirname(files().kubeconfig), { recursive: true });
    await writeFile(files().kubeconfig, 'clusters:\n- cluster:\n    server: https://127.0.0.1:40001\n');
    expect((await owner().read()).apiPort).toBe(40_001);
  });
});
