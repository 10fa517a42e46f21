import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDetachedLauncher } from '../../../src/adapters/detached-launcher.ts';
import { createDockerodeEngine } from '../../../src/adapters/dockerode-engine.ts';
import { createExecaRunner } from '../../../src/adapters/execa-runner.ts';
import { socketEndpoint } from '../../../src/engine/endpoint.ts';
import { engineFiles, type EnginePlace } from '../../../src/engine/engine-files.ts';
import { readEngineHost } from '../../../src/engine/engine-host.ts';
import { readRecord, writeRecord } from '../../../src/engine/engine-record.ts';
import { pingEngine } from '../../../src/engine/ping.ts';
import { needsThinRuntime } from '../../../src/engine/plan-engine.ts';
import { isRunning, readProcess } from '../../../src/engine/process-identity.ts';
import { startDaemon } from '../../../src/engine/start.ts';
import { stopEngine } from '../../../src/engine/stop.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import { makeContractImage } from '../../support/contract-image.ts';

// A second daemon with roots and a socket of its own: the machine's engine is not touched.
const signal = AbortSignal.timeout(280_000);
const run = { signal, progress: () => {} };
const runner = createExecaRunner(env);
const home = await mkdtemp(join(tmpdir(), 'meshdev-engine-'));
const files = engineFiles(join(home, 'state'));
// Not "none": a daemon without a bridge deletes docker0, which is the other daemon's.
const BRIDGE = 'meshdev-test0';
const place: EnginePlace = {
  socket: join(home, 'docker.sock'),
  execRoot: join(home, 'exec'),
  extraArgs: [
    '--data-root',
    join(home, 'data'),
    '--exec-root',
    join(home, 'exec'),
    '--bridge',
    BRIDGE,
    '--iptables=false',
    '--ip-forward=false',
  ],
};
const endpoint = socketEndpoint(place.socket);
const engine = createDockerodeEngine(endpoint);
const image = 'meshdev.local/contract:daemon';
const deps = {
  runner,
  launcher: createDetachedLauncher(),
  connect: createDockerodeEngine,
  files,
  place,
  env,
  templatesDir: join(import.meta.dirname, '..', '..', '..', 'templates'),
};
let thin = false;

beforeAll(async () => {
  await runner.run('ip', ['link', 'add', BRIDGE, 'type', 'bridge'], { signal });
  await runner.run('ip', ['address', 'add', '10.213.77.1/24', 'dev', BRIDGE], { signal });
  thin = needsThinRuntime(await readEngineHost({ runner, platform: 'linux', uid: 0 }));
});

afterAll(async () => {
  await stopEngine(deps, undefined, run);
  // dockerd mounts its data root onto itself, and a killed one leaves that mount.
  await runner.run('umount', ['--all-targets', join(home, 'data')], { allowFailure: true, signal });
  await runner.run('ip', ['link', 'delete', BRIDGE], { allowFailure: true, signal });
  await rm(home, { recursive: true, force: true });
});

const pidIn = async (file: string): Promise<number> => Number.parseInt(await readFile(file, 'utf8'), 10);
const containerdPid = join(place.execRoot, 'containerd', 'containerd.pid');
const gone = (pid: number) =>
  waitUntil(async () => (isRunning(await readProcess(pid)) ? { seen: `process ${pid}` } : { done: true }), {
    what: 'a process to end',
    timeoutMs: 10_000,
    intervalMs: 20,
    signal,
  });
const sleeper = async (name: string): Promise<void> => {
  const id = await engine.containers.create({ name, image, labels: {}, network: 'none' }, signal);
  await engine.containers.start(id, signal);
};

describe('dockerd', () => {
  it('is started, answers, and is remembered with its process', async () => {
    const record = await startDaemon(deps, thin, run);
    expect(await pingEngine(endpoint, signal)).toMatchObject({ kind: 'answers', version: record.version });
    expect(await readRecord(files)).toEqual(record);
    expect(record).toMatchObject({ how: 'daemon', thinRuntime: thin, socket: place.socket });
    expect((await readProcess(record.process?.pid ?? 0))?.name).toBe('dockerd');
    expect((await stat(files.dir)).mode & 0o777).toBe(0o700);
    expect((await stat(files.log)).mode & 0o777).toBe(0o600);
  });

  it('goes on starting when the wait for it is interrupted, and is then taken', async () => {
    await stopEngine(deps, endpoint, run);
    const abort = new AbortController();
    const stopOnceWaiting = (said: string): void => {
      if (said.includes('docker.sock')) abort.abort();
    };
    const interrupted = startDaemon(deps, thin, { signal: abort.signal, progress: stopOnceWaiting });
    await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const begun = await readRecord(files);
    expect(begun?.process).toBeDefined();
    expect((await startDaemon(deps, thin, run)).process).toEqual(begun?.process);
  });

  it('is not started twice: one that runs is taken', async () => {
    const before = await readRecord(files);
    expect((await startDaemon(deps, thin, run)).process).toEqual(before?.process);
  });

  it('is started again after it was killed, and after everything of it was', async () => {
    await using _ = await makeContractImage(
      createExecaRunner({ ...env, DOCKER_HOST: `unix://${place.socket}` }),
      image,
      {},
      signal,
    );
    await sleeper('survivor');
    const old = await readRecord(files);
    kill(old?.process?.pid ?? 0, 'SIGKILL');
    await gone(old?.process?.pid ?? 0);
    const record = await startDaemon(deps, thin, run);
    expect(record.process).not.toEqual(old?.process);
    // Without its daemon a container goes on; the next daemon ends what it cannot supervise any more.
    expect(await engine.containers.inspect('survivor', signal)).toMatchObject({ state: 'exited' });
    await engine.containers.remove('survivor', signal);

    await sleeper('casualty');
    await killAll();
    // The worst: the numbers in the pid files belong to somebody else by now.
    await Promise.all([files.pid, containerdPid].map((file) => writeFile(file, String(process.pid))));
    await startDaemon(deps, thin, run);
    expect(await engine.containers.inspect('casualty', signal)).toMatchObject({ state: 'exited' });
    await engine.containers.start('casualty', signal);
    expect(await engine.containers.inspect('casualty', signal)).toMatchObject({ state: 'running' });
  });

  it('is stopped with what ran named, and only if it is ours', async () => {
    const record = await readRecord(files);
    if (record?.process === undefined) throw new Error('no record');
    await writeRecord(files, {
      ...record,
      process: { ...record.process, startTicks: record.process.startTicks + 1 },
    });
    await expect(stopEngine(deps, endpoint, run)).rejects.toMatchObject({ code: 'ENGINE_NOT_OURS' });
    await writeRecord(files, record);
    expect(await stopEngine(deps, endpoint, run)).toEqual({ kind: 'stopped', containers: ['casualty'] });
    expect(await pingEngine(endpoint, signal)).toMatchObject({ kind: 'silent' });
    expect(isRunning(await readProcess(record.process.pid))).toBe(false);
    expect(await stopEngine(deps, undefined, run)).toEqual({ kind: 'nothing-ran' });
  });

  it('that cannot start says why, with its own words', async () => {
    const broken = {
      ...deps,
      place: { ...place, extraArgs: [...place.extraArgs, '--storage-driver', 'nonsense'] },
    };
    await expect(startDaemon(broken, thin, run)).rejects.toMatchObject({
      code: 'ENGINE_START_FAILED',
      message: expect.stringContaining('driver not supported'),
    });
    expect(await readRecord(files)).toBeUndefined();
  });
});

/** Ends every process of this daemon at once, as a machine does that loses power. */
async function killAll(): Promise<void> {
  const listed = await runner.run('ps', ['-eo', 'pid=,args='], { signal });
  const pids = listed.stdout
    .split('\n')
    .filter((line) => line.includes(home))
    .map((line) => Number.parseInt(line, 10));
  const containers = await engine.containers.list({}, signal);
  const inside = await Promise.all(
    containers.map((one) =>
      pidIn(join(place.execRoot, 'containerd/daemon/io.containerd.runtime.v2.task/moby', one.id, 'init.pid')),
    ),
  );
  for (const pid of [...pids, ...inside]) kill(pid, 'SIGKILL');
  for (const pid of [...pids, ...inside]) await gone(pid);
}
