import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labsText } from '../../../src/cli/commands/list.ts';
import { containersState } from '../../../src/lab/lab-containers.ts';
import { listLabs } from '../../../src/lab/list-labs.ts';
import { labelsOf, ownerLabels } from '../../../src/topology/labels.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { labPaths } from '../../../src/topology/paths.ts';
import { createFakeEngine } from '../../support/fake-engine.ts';

const { signal } = new AbortController();
const ID = '5c0f4dd4-7d3d-4bb8-9f6c-8d7f7f1f2a11';
const AT = '2026-06-01T12:00:00.000Z';
const NOW = Date.parse('2026-06-01T15:00:00.000Z');

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-list-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const paths = () => ({ stateDir: join(dir, 'meshdev'), cacheDir: join(dir, 'cache') });

/** A lab in the state directory, with 100 bytes beside its records. */
async function keep(name: string): Promise<void> {
  const files = labPaths(paths(), name);
  await mkdir(files.labDir, { recursive: true });
  const mark = {
    schemaVersion: '1',
    id: ID,
    by: 'ana@laptop',
    from: paths().stateDir,
    at: AT,
    takenOver: false,
  };
  const record = {
    schemaVersion: '1',
    name,
    domain: 'mesh.localhost',
    httpsPort: 8443,
    imageSource: { kind: 'bundle', because: 'it is there' },
    meshdevVersion: '0.2.0',
  };
  await writeFile(files.owner, JSON.stringify(mark));
  await writeFile(files.record, JSON.stringify(record));
  await writeFile(join(files.labDir, 'padding'), 'x'.repeat(100));
}

/** An engine with the edge of a lab, which publishes a port and has a volume. */
async function engineWith(name: string, from: string) {
  const image = { id: 'sha256:1', tags: ['web:1'], labels: {}, sizeBytes: 1 };
  const engine = createFakeEngine({ images: [image] });
  const { containers } = createLab({ ...DEFAULT_CHOICE, name });
  const labels = { ...labelsOf(name, 'edge'), ...ownerLabels({ id: ID, by: 'ana@laptop', from, at: AT }) };
  await engine.networks.ensure({ name: 'net', labels: {}, ipv6: false }, signal);
  const id = await engine.containers.create(
    {
      name: containers.edge,
      image: 'web:1',
      labels,
      network: 'net',
      ports: [{ hostAddress: '127.0.0.1', hostPort: 8443, containerPort: 443, protocol: 'tcp' }],
    },
    signal,
  );
  await engine.containers.start(id, signal);
  return engine;
}

describe('the state of a lab', () => {
  const { containers, cluster } = createLab(DEFAULT_CHOICE);
  const all = [...Object.values(containers), cluster.node];
  const states = (...of: readonly ('running' | 'exited' | 'paused')[]) =>
    of.map((state, index) => ({ name: all[index] ?? '', state }));

  it.each([
    ['running', states('running', 'running', 'running', 'running')],
    ['stopped', states('exited', 'exited', 'exited', 'exited')],
    ['paused', states('paused', 'paused', 'paused', 'paused')],
    ['incomplete', states('paused', 'paused', 'exited', 'paused')],
    ['incomplete', states('paused', 'running', 'paused', 'paused')],
    ['incomplete', states('running', 'exited', 'running', 'running')],
    ['incomplete', states('exited', 'exited')],
    ['incomplete', [{ name: 'meshdev-demo-worker', state: 'running' as const }]],
    ['absent', []],
  ] as const)('is %s with %j', (state, of) => {
    expect(containersState('demo', of)).toBe(state);
  });
});

describe('the list of labs', () => {
  it('has those of the state directory and those of the engine, with ports, disk and age', async () => {
    await keep('demo');
    const engine = await engineWith('demo', paths().stateDir);
    const [lab, ...others] = await listLabs(paths(), engine, signal);
    expect(others).toEqual([]);
    expect(lab).toMatchObject({
      name: 'demo',
      state: 'incomplete',
      stateDir: paths().stateDir,
      lost: false,
      url: 'https://httpbin.mesh.localhost:8443',
      ports: [8443],
      createdAt: AT,
    });
    // The files, and 1000 bytes of the fake’s container.
    expect(lab?.diskBytes).toBeGreaterThan(1100);
    expect(lab?.diskBytes).toBeLessThan(3000);
  });

  it('has a lab of another directory without its address', async () => {
    const engine = await engineWith('blue', '/somewhere/else');
    expect(await listLabs(paths(), engine, signal)).toMatchObject([
      { name: 'blue', stateDir: '/somewhere/else', url: undefined, ports: [8443] },
    ]);
  });

  it('knows no state without an engine, and none of the engine where it has nothing', async () => {
    await keep('demo');
    expect(await listLabs(paths(), undefined, signal)).toMatchObject([
      { name: 'demo', state: 'unknown', diskBytes: undefined, createdAt: AT },
    ]);
    expect(await listLabs(paths(), createFakeEngine(), signal)).toMatchObject([
      { name: 'demo', state: 'absent', url: 'https://httpbin.mesh.localhost:8443' },
    ]);
  });

  it('is a list all the same where the engine cannot measure', async () => {
    await keep('demo');
    const engine = { ...createFakeEngine(), diskUsage: () => Promise.reject(new Error('not implemented')) };
    expect(await listLabs(paths(), engine, signal)).toMatchObject([
      { state: 'absent', diskBytes: undefined },
    ]);
  });

  it('is readable', async () => {
    await keep('demo');
    const engine = await engineWith('demo', paths().stateDir);
    const labs = (await listLabs(paths(), engine, signal)).map((lab) => ({ ...lab, diskBytes: 2.1e9 }));
    expect(labsText(labs, true, NOW))
      .toBe(`lab demo   incomplete   https://httpbin.mesh.localhost:8443   created 3 h ago
  ports      8443
  disk       2.1 GB
  directory  ${paths().stateDir}
`);
    expect(
      labsText(
        labs.map((lab) => ({ ...lab, lost: true })),
        true,
        NOW,
      ),
    ).toContain('  run    meshdev down --force --name demo\n');
    expect(labsText([], false, NOW)).toBe(
      'there are no labs\nno container engine answers: labs of other state directories are not listed\n',
    );
  });
});
