import { chmod, chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExecaRunner } from '../../../src/adapters/execa-runner.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { type DoctorDocument, doctorDocument } from '../../../src/report/doctor-schema.ts';
import { labelsOf, ownerLabels } from '../../../src/topology/labels.ts';
import { runCli } from '../../support/run-cli.ts';
import { silentCli } from '../../support/silent-cli.ts';
import { startStubEngine, type StubEngine, type StubOptions } from '../../support/stub-engine.ts';

/*
 * The command on this machine, with causes that are really there: an engine behind a socket, a listener, a full
 * disk, a hosts file. No container is made.
 */

const ROOT = join(import.meta.dirname, '../../..');
/** Not root: limits of the kernel are not for a test to change. */
const UID = process.getuid?.() === 0 ? 1000 : (process.getuid?.() ?? 1000);

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-doctor-'));
  await mkdir(join(dir, 'state', 'meshdev'), { recursive: true });
  await chmod(join(dir, 'state', 'meshdev'), 0o700);
  if (process.getuid?.() === 0) await chown(join(dir, 'state', 'meshdev'), UID, UID);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const socket = (): string => join(dir, 'engine.sock');
const stub = (options: StubOptions = {}): Promise<StubEngine> => startStubEngine(socket(), options);

const environment = (env: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: dir,
  XDG_STATE_HOME: join(dir, 'state'),
  XDG_CACHE_HOME: join(dir, 'cache'),
  DOCKER_HOST: `unix://${socket()}`,
  ...env,
});

interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const said = { out: '', err: '' };
  const exitCode = await runProgram(['doctor', '-o', 'json', ...argv], {
    ...silentCli({ env: environment(env), cwd: dir, signal: new AbortController().signal }),
    uid: UID,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
  });
  return { exitCode, ...said };
}

const parse = (out: string): DoctorDocument => doctorDocument.parse(JSON.parse(out));

/** The findings of an id, by case where it has some. */
const findingsOf = ({ findings }: DoctorDocument, id: string, inside: string | null = null) =>
  findings.filter((one) => one.id === id && (inside === null || one.case === inside));

async function diagnose(argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  return parse((await run(argv, env)).out);
}

/** The same as a program of its own, in a mount namespace that a script prepares. */
async function diagnoseIn(prepare: string): Promise<DoctorDocument> {
  const command = `${prepare} && exec '${process.execPath}' '${join(ROOT, 'src/cli/main.ts')}' doctor -o json`;
  const asRoot = process.getuid?.() === 0 ? [] : ['-r'];
  const { stdout } = await createExecaRunner(environment()).run(
    'unshare',
    [...asRoot, '-m', 'sh', '-c', command],
    { allowFailure: true, env: environment(), signal: AbortSignal.timeout(30_000) },
  );
  return parse(stdout);
}

describe('an engine', () => {
  it('that is healthy has no finding, and the answer comes within 3 s', async () => {
    await using _engine = await stub();
    const diagnosis = await diagnose();
    const bad = diagnosis.findings.filter(
      ({ subject, state }) => subject === 'engine' && state !== 'ok' && state !== 'skip',
    );
    expect(bad).toEqual([]);
    expect(diagnosis.durationMs).toBeLessThan(3_000);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ['Podman', { BuildahVersion: '1.39.0', ServerVersion: '5.4.2' }, 'MD-HOST-015', 'fatal'],
    ['userns-remap', { SecurityOptions: ['name=userns'] }, 'MD-HOST-016', 'warn'],
    [
      'rootless without controllers',
      { SecurityOptions: ['name=rootless'], CPUShares: false },
      'MD-HOST-003',
      'fatal',
    ],
    ['vfs', { Driver: 'vfs' }, 'MD-HOST-017', 'warn'],
    ['little memory', { MemTotal: 1e9 }, 'MD-HOST-004', 'fatal'],
    ['another time', { SystemTime: '2020-01-01T00:00:00Z' }, 'MD-HOST-011', 'fatal'],
    ['used up pools', { DefaultAddressPools: [{ Base: '10.1.0.0/24', Size: 24 }] }, 'MD-HOST-018', 'fatal'],
  ])('with %s is found', async (_, info, id, state) => {
    await using _engine = await stub({ info });
    const { exitCode, out } = await run([]);
    expect(findingsOf(parse(out), id)).toContainEqual(expect.objectContaining({ id, state }));
    expect(exitCode).toBe(parse(out).summary.exitCode);
    expect(parse(out).summary.fatal > 0 ? 3 : 0).toBe(exitCode);
  });

  it('that does not answer is fatal, and the rest is still judged', async () => {
    const { exitCode, out } = await run([], { DOCKER_HOST: 'unix:///nonexistent/engine.sock' });
    const diagnosis = parse(out);
    expect(exitCode).toBe(3);
    expect(findingsOf(diagnosis, 'MD-HOST-001')).toMatchObject([
      { state: 'fatal', code: 'ENGINE_NOT_FOUND', remedies: expect.arrayContaining(['unset DOCKER_HOST']) },
    ]);
    expect(findingsOf(diagnosis, 'MD-HOST-015')).toMatchObject([{ state: 'skip' }]);
    expect(findingsOf(diagnosis, 'MD-HOST-019', 'state')).toMatchObject([{ state: 'ok' }]);
    expect(findingsOf(diagnosis, 'MD-HOST-006')).toMatchObject([{ seen: expect.stringContaining('443') }]);
  });

  it('that hangs makes what it is asked unknown, and the answer still comes within 3 s', async () => {
    await using _engine = await stub({ silent: ['/info'] });
    const began = performance.now();
    const diagnosis = await diagnose();
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(findingsOf(diagnosis, 'MD-HOST-001')).toMatchObject([{ state: 'ok' }]);
    expect(findingsOf(diagnosis, 'MD-HOST-015')).toMatchObject([
      { state: 'unknown', seen: 'no answer before the deadline' },
    ]);
    expect(findingsOf(diagnosis, 'MD-HOST-022')).toMatchObject([{ state: 'ok' }]);
    // The port and the kernel are read without the engine then.
    expect(findingsOf(diagnosis, 'MD-HOST-006')).toMatchObject([{ seen: expect.stringContaining('443') }]);
  });
});

describe('up', () => {
  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['Podman', { BuildahVersion: '1.39.0', ServerVersion: '5.4.2' }, /ENGINE_NOT_FIT: .*Podman 5\.4\.2/],
    ['little memory', { MemTotal: 1e9 }, /ENGINE_NOT_FIT: .*0\.9 GiB/],
    ['another time', { SystemTime: '2020-01-01T00:00:00Z' }, /ENGINE_NOT_FIT: .*behind/],
    [
      'used up pools',
      { DefaultAddressPools: [{ Base: '10.1.0.0/24', Size: 24 }] },
      /ENGINE_NOT_FIT: .*subnets/,
    ],
  ])('refuses an engine with %s before it makes anything', async (_, info, message) => {
    await using engine = await stub({ info });
    const ended = await runCli(['up', '--yes', '--image-source', 'packages', '--https-port', '47391'], {
      cwd: dir,
      env: environment(),
    });
    expect(ended.err).toMatch(message);
    expect(ended.exitCode).toBe(3);
    expect(engine.changes).toEqual([]);
  });
});

describe('this machine', () => {
  it('with a listener on the port: its process is named', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const diagnosis = await diagnose(['--https-port', String(port)]);
    server.close();
    expect(findingsOf(diagnosis, 'MD-HOST-006')).toMatchObject([
      {
        state: 'fatal',
        code: 'PORT_TAKEN',
        seen: expect.stringContaining(`process ${process.pid}`),
        remedies: expect.arrayContaining([`kill ${process.pid}`]),
      },
    ]);
  });

  it('with a proxy in the environment, without its credentials', async () => {
    const { out } = await run([], { HTTPS_PROXY: 'http://ana:hunter2@proxy.example.com:3128' });
    expect(findingsOf(parse(out), 'MD-HOST-010')).toMatchObject([{ state: 'warn' }]);
    expect(out).not.toContain('hunter2');
  });

  it('with a full disk below the state directory', async () => {
    const state = join(dir, 'state');
    const diagnosis = await diagnoseIn(`mount -t tmpfs -o size=1m,mode=700 none '${state}'`);
    expect(findingsOf(diagnosis, 'MD-HOST-019', 'state')).toMatchObject([
      { state: 'fatal', code: 'DISK_FULL' },
    ]);
    expect(findingsOf(diagnosis, 'MD-HOST-019', 'cache')).toMatchObject([{ code: null }]);
  });

  it('without inodes below the state directory', async () => {
    const state = join(dir, 'state');
    const diagnosis = await diagnoseIn(`mount -t tmpfs -o size=99m,nr_inodes=20 none '${state}'`);
    expect(findingsOf(diagnosis, 'MD-HOST-020', 'state')).toMatchObject([
      { state: 'fatal', code: 'DISK_FULL' },
    ]);
    expect(findingsOf(diagnosis, 'MD-HOST-019', 'state')).toMatchObject([{ state: 'ok' }]);
  });

  it('with the name of the lab in the hosts file, for another address', async () => {
    const hosts = join(dir, 'hosts');
    await writeFile(hosts, '127.0.0.1 localhost\n203.0.113.7 httpbin.mesh.localhost auth.mesh.localhost\n');
    const diagnosis = await diagnoseIn(`mount --bind '${hosts}' /etc/hosts`);
    expect(findingsOf(diagnosis, 'MD-HOST-021', 'getaddrinfo')).toMatchObject([
      { state: 'warn', seen: expect.stringContaining('203.0.113.7') },
    ]);
  });

  it('with a resolver that fails', async () => {
    const nothing = join(dir, 'nothing');
    await writeFile(nothing, 'hosts: files\n');
    const diagnosis = await diagnoseIn(`mount --bind '${nothing}' /etc/nsswitch.conf`);
    expect(findingsOf(diagnosis, 'MD-HOST-021', 'getaddrinfo')).toMatchObject([
      { state: 'warn', remedies: expect.arrayContaining(['meshdev env']) },
    ]);
  });
});

describe('doctor --fix', () => {
  const from = (): string => join(dir, 'gone', 'meshdev');
  const lost = (): StubOptions => {
    const owner = {
      id: '5c0f4dd4-7d3d-4bb8-9f6c-8d7f7f1f2a11',
      by: `ana@${hostname()}`,
      from: from(),
      at: '2026-06-01T12:00:00.000Z',
    };
    const Labels = { ...labelsOf('old', 'network'), ...ownerLabels(owner) };
    return { networks: [{ Name: 'meshdev-old', Labels, Subnet: '172.30.0.0/16' }] };
  };

  it('asks first: without a terminal and without --yes it changes nothing', async () => {
    await using engine = await stub(lost());
    const { exitCode, out, err } = await run(['--fix']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ kind: 'Error', code: 'CONSENT_NEEDED' });
    expect(err).toContain('  - remove what is left of lab old');
    expect(engine.changes).toEqual([]);
  });

  it('removes what is left of a lab whose state directory is lost, and looks again', async () => {
    await using engine = await stub(lost());
    expect(findingsOf(await diagnose(), 'MD-HOST-013', 'old')).toMatchObject([{ state: 'warn' }]);
    const { out } = await run(['--fix', '--yes']);
    expect(engine.changes).toEqual(['DELETE /networks/meshdev-old']);
    expect(parse(out).fixed).toEqual([
      'remove what is left of lab old: its containers, networks and volumes',
    ]);
    expect(findingsOf(parse(out), 'MD-HOST-013')).toMatchObject([{ state: 'ok' }]);
  });

  it('does not remove a lab whose state directory is there', async () => {
    await using engine = await stub(lost());
    const lab = join(from(), 'labs', 'old');
    await mkdir(lab, { recursive: true });
    const owner = {
      schemaVersion: '1',
      id: '5c0f4dd4-7d3d-4bb8-9f6c-8d7f7f1f2a11',
      by: 'x',
      from: from(),
      at: '2026-06-01T12:00:00.000Z',
      takenOver: false,
    };
    await writeFile(join(lab, 'owner.json'), JSON.stringify(owner));
    const { out } = await run(['--fix', '--yes']);
    expect(parse(out).fixed).toEqual([]);
    expect(engine.changes).toEqual([]);
  });

  it('closes a state directory that others may enter', async () => {
    await using _engine = await stub();
    const state = join(dir, 'state', 'meshdev');
    await chmod(state, 0o755);
    const { out } = await run(['--fix', '--yes']);
    expect(parse(out).fixed).toEqual([`set the mode of ${state} to 0700`]);
    expect((await stat(state)).mode & 0o777).toBe(0o700);
    expect(findingsOf(parse(out), 'MD-HOST-012', 'state')).toMatchObject([{ state: 'ok' }]);
  });
});
