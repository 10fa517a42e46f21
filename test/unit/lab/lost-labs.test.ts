import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labsOnEngine, lostLabs } from '../../../src/lab/lost-labs.ts';
import { KIND_CLUSTER, labelsOf, ownerLabels } from '../../../src/topology/labels.ts';
import { labPaths } from '../../../src/topology/paths.ts';

const ID = '5c0f4dd4-7d3d-4bb8-9f6c-8d7f7f1f2a11';
const OTHER = '0e6b1b6e-2f0a-4a0e-8a0e-3a2f0a4a0e8a';
const AT = '2026-06-01T12:00:00.000Z';
const HERE = 'laptop';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-lost-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const paths = () => ({ stateDir: join(dir, 'mine'), cacheDir: join(dir, 'cache') });

/** A lab as one network, made from a directory. */
const labOf = (name: string, from: string | undefined, by = `ana@${HERE}`) => {
  const owner = from === undefined ? {} : ownerLabels({ id: ID, by, from, at: AT });
  return labsOnEngine(
    [],
    [{ name: `meshdev-${name}`, labels: { ...labelsOf(name, 'network'), ...owner } }],
    [],
  );
};

async function keep(stateDir: string, name: string, id: string): Promise<void> {
  const files = labPaths({ stateDir, cacheDir: '' }, name);
  await mkdir(files.labDir, { recursive: true });
  const mark = { schemaVersion: '1', id, by: `ana@${HERE}`, from: stateDir, at: AT, takenOver: false };
  await writeFile(files.owner, JSON.stringify(mark));
}

const lostNames = async (labs: ReturnType<typeof labOf>) =>
  (await lostLabs(labs, paths(), HERE)).map(({ name }) => name);

describe('a lab on the engine is lost', () => {
  it('when the state directory that it was made from is gone', async () => {
    const from = join(dir, 'gone');
    expect(await lostLabs(labOf('old', from), paths(), HERE)).toEqual([
      { name: 'old', what: ['network meshdev-old'], from },
    ]);
  });

  it('when that directory has another lab of this name', async () => {
    await keep(join(dir, 'there'), 'old', OTHER);
    expect(await lostNames(labOf('old', join(dir, 'there')))).toEqual(['old']);
  });

  it('when nothing records whose it is, and this state directory has none of this name', async () => {
    expect(await lostNames(labOf('old', undefined))).toEqual(['old']);
    await mkdir(join(paths().stateDir, 'labs', 'old', 'keys'), { recursive: true });
    expect(await lostNames(labOf('old', undefined))).toEqual([]);
  });
});

describe('a lab is not lost', () => {
  it('when its state directory has its keys, also if it is not the one in use', async () => {
    await keep(join(dir, 'there'), 'blue', ID);
    expect(await lostNames(labOf('blue', join(dir, 'there')))).toEqual([]);
  });

  it('when another machine made it, whose directories are not seen from here', async () => {
    expect(await lostNames(labOf('blue', '/nowhere', 'ben@server'))).toEqual([]);
  });
});

describe('the labs of an engine', () => {
  it('are told by their labels, with the nodes of their clusters', async () => {
    const node = { name: 'meshdev-blue-control-plane', labels: { [KIND_CLUSTER]: 'meshdev-blue' } };
    const foreign = { name: 'kind-control-plane', labels: { [KIND_CLUSTER]: 'kind' } };
    const volume = { name: 'meshdev-blue-idp', labels: labelsOf('blue', 'idp') };
    const network = { name: 'meshdev-red', labels: labelsOf('red', 'network') };
    expect(labsOnEngine([node, foreign], [network], [volume])).toEqual([
      {
        name: 'blue',
        what: ['node meshdev-blue-control-plane', 'volume meshdev-blue-idp'],
        owner: undefined,
      },
      { name: 'red', what: ['network meshdev-red'], owner: undefined },
    ]);
  });

  it('are none where nothing has the labels', () => {
    expect(labsOnEngine([], [{ name: 'other', labels: {} }], [])).toEqual([]);
  });
});
