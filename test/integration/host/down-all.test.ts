import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelsOf, ownerLabels } from '../../../src/topology/labels.ts';
import { labPaths } from '../../../src/topology/paths.ts';
import { runCli } from '../../support/run-cli.ts';
import { startStubEngine, type StubEngine } from '../../support/stub-engine.ts';

/* `list` and `down --all` with an engine that is a server on a socket. No container is made. */

const NAMES = ['blue', 'red'];
const AT = '2026-06-01T12:00:00.000Z';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-all-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const socket = (): string => join(dir, 'engine.sock');
const paths = () => ({ stateDir: join(dir, 'state', 'meshdev'), cacheDir: join(dir, 'cache', 'meshdev') });

const run = (argv: readonly string[]) =>
  runCli(argv, {
    cwd: dir,
    env: {
      HOME: dir,
      PATH: process.env['PATH'],
      XDG_STATE_HOME: join(dir, 'state'),
      XDG_CACHE_HOME: join(dir, 'cache'),
      DOCKER_HOST: `unix://${socket()}`,
    },
  });

/** Two labs of this state directory, and one of another, each with a network. */
async function labs(): Promise<StubEngine> {
  const owner = (index: number, from: string) => ({
    id: `00000000-0000-4000-8000-00000000000${index}`,
    by: 'ana@laptop',
    from,
    at: AT,
  });
  for (const [index, name] of NAMES.entries()) {
    const files = labPaths(paths(), name);
    await mkdir(files.labDir, { recursive: true });
    const mark = { schemaVersion: '1', ...owner(index, paths().stateDir), takenOver: false };
    await writeFile(files.owner, JSON.stringify(mark));
  }
  const networks = [...NAMES, 'foreign'].map((name, index) => ({
    Name: `meshdev-${name}`,
    Labels: {
      ...labelsOf(name, 'network'),
      ...ownerLabels(owner(index, name === 'foreign' ? '/elsewhere' : paths().stateDir)),
    },
    Subnet: `172.2${index}.0.0/16`,
  }));
  return startStubEngine(socket(), { networks });
}

const labDirs = (): Promise<readonly string[]> => readdir(join(paths().stateDir, 'labs')).catch(() => []);

describe('down --all', () => {
  it('asks first, with every lab by name', async () => {
    await using engine = await labs();
    const { exitCode, err } = await run(['down', '--all']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/ {2}- remove lab blue: .*\n {2}- remove lab red: /);
    expect(err).toContain('CONSENT_NEEDED');
    expect(engine.changes).toEqual([]);
    expect(await labDirs()).toEqual(NAMES);
  });

  it('--dry-run changes nothing and needs no consent', async () => {
    await using engine = await labs();
    const { exitCode, out } = await run(['down', '--all', '--dry-run', '-o', 'json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'DownPlans',
      plans: NAMES.map((lab) => ({
        lab,
        engineSilent: false,
        wouldRemove: { networks: [`meshdev-${lab}`] },
      })),
    });
    expect(engine.changes).toEqual([]);
  });

  it('--yes removes them, and leaves the lab of another state directory', async () => {
    await using engine = await labs();
    const { exitCode, out } = await run(['down', '--all', '--yes', '-o', 'json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'DownReports',
      reports: NAMES.map((lab) => ({ lab, removed: { networks: [`meshdev-${lab}`] } })),
    });
    expect(engine.changes).toEqual(NAMES.map((name) => `DELETE /networks/meshdev-${name}`));
    expect(await labDirs()).toEqual([]);
    expect((await run(['down', '--all'])).out).toBe('there are no labs: nothing to remove\n');
  });
});

describe('list', () => {
  it('has the labs of this state directory and of others', async () => {
    await using _engine = await labs();
    const { exitCode, out } = await run(['list', '-o', 'json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'LabList',
      engineAnswers: true,
      labs: [
        { name: 'blue', state: 'absent', stateDir: paths().stateDir, createdAt: AT },
        { name: 'foreign', state: 'absent', stateDir: '/elsewhere', url: null },
        { name: 'red', state: 'absent', stateDir: paths().stateDir },
      ],
    });
  });
});
