import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, kill } from 'node:process';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExecaRunner } from '../../../src/adapters/execa-runner.ts';
import { listenerOn } from '../../../src/edge/wait-for-edge.ts';
import { engineFiles } from '../../../src/engine/engine-files.ts';
import type { EngineManager } from '../../../src/engine/engine-manager.ts';
import { writeRecord } from '../../../src/engine/engine-record.ts';
import { clearLeftovers } from '../../../src/engine/leftovers.ts';
import { isRunning, readProcess } from '../../../src/engine/process-identity.ts';
import { endLeftovers, leftoverProxies } from '../../../src/up/leftover-proxies.ts';
import { listenOnce } from '../../../src/host/bind-probe.ts';
import { lookUntil } from '../../../src/run/wait-until.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { createFakeEngine } from '../../support/fake-engine.ts';

// Docker's own proxy, begun by a process that is killed as an engine may be: it outlives it and holds the port.

const signal = AbortSignal.timeout(60_000);
const run = { signal, progress: () => undefined };
const proxyProgram = (await createExecaRunner(env).find('docker-proxy')) ?? '/usr/sbin/docker-proxy';

interface Orphan {
  readonly pid: number;
  readonly port: number;
  /** The process that stood for the engine. */
  readonly engine: { readonly pid: number; readonly startTicks: number };
}

let dir = '';
let orphan: Orphan;

/** A session of its own, as a daemon has; killed once the proxy listens. */
async function killedEngine(): Promise<Orphan> {
  const port = await listenOnce('127.0.0.1', 0);
  const argv = `-proto tcp -host-ip 127.0.0.1 -host-port ${port} -container-ip 172.30.0.9 -container-port 443`;
  // It tells its parent on descriptor 3 that it listens.
  const script = `"$0" ${argv} 3>/dev/null & echo $!; wait`;
  const child = spawn('sh', ['-c', script, proxyProgram], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const pid = Number(line);
  const engine = await readProcess(child.pid ?? 0);
  if (engine === undefined) throw new Error('the process that stands for the engine ended');
  await lookUntil(
    () => listenerOn(port),
    (seen) => seen.includes(`process ${pid}`),
    { timeoutMs: 5_000, intervalMs: 20, signal },
  );
  kill(engine.pid, 'SIGKILL');
  await lookUntil(
    async () => (await readProcess(pid))?.parent,
    (parent) => parent !== engine.pid,
    { timeoutMs: 5_000, intervalMs: 20, signal },
  );
  return { pid, port, engine: { pid: engine.pid, startTicks: engine.startTicks } };
}

const runs = async (): Promise<boolean> => isRunning(await readProcess(orphan.pid));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-left-'));
  orphan = await killedEngine();
});
afterEach(async () => {
  if (await runs()) kill(orphan.pid, 'SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

describe('the proxy of an engine that was killed', () => {
  it('is named with where it leads', async () => {
    expect(await listenerOn(orphan.port)).toBe(
      `docker-proxy (process ${orphan.pid}) listens on port ${orphan.port}, which forwards to 172.30.0.9`,
    );
  });

  it('is ended before our engine is started anew', async () => {
    const files = engineFiles(dir);
    await writeRecord(files, recordOf(orphan.engine));
    await clearLeftovers(
      files,
      { socket: join(dir, 's'), execRoot: join(dir, 'exec'), extraArgs: [] },
      signal,
    );
    expect(await runs()).toBe(false);
    expect(await listenOnce('127.0.0.1', orphan.port)).toBe(orphan.port);
  });

  it('stays where another engine is recorded, or none', async () => {
    const files = engineFiles(dir);
    const place = { socket: join(dir, 's'), execRoot: join(dir, 'exec'), extraArgs: [] };
    await clearLeftovers(files, place, signal);
    await writeRecord(files, recordOf({ pid: 999_999_999, startTicks: 1 }));
    await clearLeftovers(files, place, signal);
    expect(await runs()).toBe(true);
  });

  describe('beside an engine that answers again', () => {
    const lab = () => createLab({ ...DEFAULT_CHOICE, httpsPort: orphan.port });

    /** @param ours whether meshdev started the engine; the address of the node, which runs */
    async function contextWith(ours: boolean, address = '172.30.0.2') {
      const engine = createFakeEngine({ images: [{ id: 'i', tags: ['node:1'], labels: {}, sizeBytes: 1 }] });
      const node = lab().cluster.node;
      await engine.networks.ensure({ name: lab().network, labels: {}, ipv6: false }, signal);
      await engine.containers.create(
        { name: node, image: 'node:1', labels: {}, network: lab().network },
        signal,
      );
      await engine.containers.start(node, signal);
      engine.change(node, { networks: [{ network: lab().network, address, addressV6: '', aliases: [] }] });
      const found = { endpoint: engine.endpoint, version: '1', because: 'test' };
      const record = ours ? recordOf(orphan.engine) : undefined;
      const unused = async () => Promise.reject(new Error('not asked for'));
      const engines: EngineManager = {
        find: unused,
        plan: unused,
        apply: unused,
        stop: unused,
        status: async () => ({ kind: 'up', found, record, files: engineFiles(dir) }),
      };
      const paths = { stateDir: dir, cacheDir: dir };
      return { lab: lab(), paths, engines, reachEngine: async () => ({ found, engine }) };
    }

    it('is ended where meshdev started that engine', async () => {
      await endLeftovers(await contextWith(true), run);
      expect(await runs()).toBe(false);
    });

    it.each<[string, boolean, string | undefined]>([
      ['somebody else started that engine', false, undefined],
      ['a container has the address again', true, '172.30.0.9'],
    ])('stays where %s', async (_, ours, address) => {
      const context = await contextWith(ours, address);
      expect(await leftoverProxies(context, signal)).toEqual([]);
      await endLeftovers(context, run);
      expect(await runs()).toBe(true);
    });
  });
});

function recordOf(process: Orphan['engine']) {
  return {
    schemaVersion: 1 as const,
    how: 'daemon' as const,
    process,
    socket: join(dir, 's'),
    thinRuntime: false,
    startedAt: '2026-01-01T00:00:00.000Z',
  };
}
