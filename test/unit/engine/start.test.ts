import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SOCKET, type EngineFiles, engineFiles } from '../../../src/engine/engine-files.ts';
import { createEngineManager } from '../../../src/engine/engine-manager.ts';
import { type EngineRecord, readRecord, writeRecord } from '../../../src/engine/engine-record.ts';
import type { Ping } from '../../../src/engine/ping.ts';
import { readProcess } from '../../../src/engine/process-identity.ts';
import { startDaemon, startService } from '../../../src/engine/start.ts';
import { stopEngine } from '../../../src/engine/stop.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';
import { createFakeEngine } from '../../support/fake-engine.ts';

const run = { signal: AbortSignal.timeout(60_000), progress: () => undefined };
const endpoint = { kind: 'socket' as const, path: DEFAULT_SOCKET };
const STOP_PACKAGED = 'systemctl stop docker.socket docker.service';

const answers: Ping = { kind: 'answers', version: '28.1.0' };
const silent = (code: string): Ping => ({
  kind: 'silent',
  code,
  seen: `unix://${DEFAULT_SOCKET}: ${code}`,
});
/** As the ping says it whose patience is over. */
const hung = silent('UNKNOWN');

let home = '';
let files: EngineFiles;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'meshdev-start-'));
  files = engineFiles(home);
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A machine with systemd whose default socket behaves as told, until a daemon of ours is launched. */
function machine(before: readonly [Ping, ...Ping[]], mainPid = '0') {
  const log: string[] = [];
  const pings = [...before];
  const runner: ProcessRunner = {
    find: async (command) => (command === 'systemctl' ? '/bin/systemctl' : undefined),
    run: async (command, args) => {
      log.push([command, ...args].join(' '));
      return { exitCode: 0, stdout: args[0] === 'show' ? `${mainPid}\n` : 'active\n', stderr: '' };
    },
  };
  const launched = (): boolean => log.includes('dockerd');
  const deps = {
    runner,
    // This very process stands for the daemon: it runs, and it has a start time.
    launcher: { launch: async (command: string) => (log.push(command), process.pid) },
    connect: () => createFakeEngine(),
    files,
    templatesDir: home,
    env: {},
    place: { socket: DEFAULT_SOCKET, execRoot: join(home, 'exec'), extraArgs: [] },
    ping: async () => (launched() ? answers : ((pings.length > 1 ? pings.shift() : pings[0]) ?? answers)),
  };
  return { deps, log };
}

async function own(how: EngineRecord['how'], later = 0): Promise<EngineRecord> {
  const { pid, startTicks } = (await readProcess(process.pid)) ?? { pid: 0, startTicks: 0 };
  const record: EngineRecord = {
    schemaVersion: 1,
    how,
    process: { pid, startTicks: startTicks + later },
    socket: DEFAULT_SOCKET,
    thinRuntime: false,
    startedAt: '2026-01-01T00:00:00.000Z',
  };
  await writeRecord(files, record);
  return record;
}

describe('starting dockerd on the default socket', () => {
  it.each([
    ['hangs', hung, `does not answer (unix://${DEFAULT_SOCKET}: UNKNOWN)`],
    ['breaks off', silent('ECONNRESET'), 'ECONNRESET'],
    ['answers by now', answers, 'answers now (Docker 28.1.0)'],
  ])('touches nothing where somebody else’s engine %s', async (_, ping, said) => {
    const { deps, log } = machine([ping]);
    await expect(startDaemon(deps, false, run)).rejects.toMatchObject({
      code: 'ENGINE_NOT_FOUND',
      message: expect.stringMatching(/^a process listens on unix:\/\/\/var\/run\/docker\.sock and /),
      remedies: ['systemctl status docker', 'meshdev engine status'],
    });
    await expect(startDaemon(deps, false, run)).rejects.toThrow(said);
    expect(log).toEqual([]);
  });

  it.each(['ENOENT', 'ECONNREFUSED'])('goes on where nobody listens (%s)', async (code) => {
    const { deps, log } = machine([silent(code)]);
    expect(await startDaemon(deps, false, run)).toMatchObject({ how: 'daemon', version: '28.1.0' });
    expect(log).toEqual([STOP_PACKAGED, 'dockerd']);
  });

  it('stops what came with the package that was just installed', async () => {
    const { deps, log } = machine([hung]);
    await startDaemon({ ...deps, packageIsNew: true }, false, run);
    expect(log).toEqual([STOP_PACKAGED, 'dockerd']);
  });

  it('waits for its own that is still starting', async () => {
    const record = await own('daemon');
    const { deps, log } = machine([hung, hung, answers]);
    expect(await startDaemon(deps, false, run)).toEqual({ ...record, version: '28.1.0' });
    expect(log).toEqual([]);
  });

  it('does not take a service for a daemon of its own that is still starting', async () => {
    await own('service');
    const { deps, log } = machine([hung]);
    await expect(startDaemon(deps, false, run)).rejects.toMatchObject({ code: 'ENGINE_NOT_FOUND' });
    expect(log).toEqual([]);
  });
});

describe('carrying a plan out', () => {
  const applying = (packages: readonly string[]) => {
    const { deps, log } = machine([hung]);
    const manager = createEngineManager({ ...deps, stateDir: home, home, platform: 'linux', uid: 0 });
    const start = {
      kind: 'start-daemon',
      socket: DEFAULT_SOCKET,
      log: files.log,
      runtime: undefined,
    } as const;
    const changes = [...(packages.length > 0 ? [{ kind: 'install' as const, packages }] : []), start];
    return { done: manager.apply({ kind: 'change', changes, because: 'test' }, run), log };
  };

  it('that installs the engine may stop what its package started', async () => {
    const { done, log } = applying(['docker.io', 'jq']);
    expect(await done).toMatchObject({ version: '28.1.0' });
    expect(log.slice(-2)).toEqual([STOP_PACKAGED, 'dockerd']);
  });

  it.each([[[]], [['jq']]])('that installs %j stops nobody’s engine', async (packages) => {
    const { done, log } = applying(packages);
    await expect(done).rejects.toMatchObject({ code: 'ENGINE_NOT_FOUND' });
    expect(log).not.toContain(STOP_PACKAGED);
    expect(log).not.toContain('dockerd');
  });
});

describe('an engine that runs as a service', () => {
  it('is remembered with its main process', async () => {
    const { deps, log } = machine([answers], String(process.pid));
    const record = await startService(deps, 'docker', run);
    expect(record).toMatchObject({ how: 'service', process: (await own('service')).process });
    expect(log).toEqual(['systemctl start docker', 'systemctl show --property MainPID --value docker']);
  });

  it('is remembered without one where systemd names none, and is then not ours', async () => {
    const { deps } = machine([answers], '0');
    expect((await startService(deps, 'docker', run)).process).toBeUndefined();
    await expect(stopEngine(deps, endpoint, run)).rejects.toMatchObject({ code: 'ENGINE_NOT_OURS' });
  });

  it('is stopped through systemd while it is the process that we started', async () => {
    await own('service');
    const { deps, log } = machine([answers]);
    expect(await stopEngine(deps, endpoint, run)).toEqual({ kind: 'stopped', containers: [] });
    expect(log).toEqual([STOP_PACKAGED]);
    expect(await readRecord(files)).toBeUndefined();
  });

  it('is somebody else’s once it was started again', async () => {
    await own('service', 1);
    const { deps, log } = machine([answers]);
    await expect(stopEngine(deps, endpoint, run)).rejects.toMatchObject({ code: 'ENGINE_NOT_OURS' });
    expect(log).toEqual([]);
  });
});
