import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { createDetachedLauncher } from '../../src/adapters/detached-launcher.ts';
import { createDockerodeEngine } from '../../src/adapters/dockerode-engine.ts';
import { createExecaRunner } from '../../src/adapters/execa-runner.ts';
import { socketEndpoint } from '../../src/engine/endpoint.ts';
import { engineFiles } from '../../src/engine/engine-files.ts';
import { readEngineHost } from '../../src/engine/engine-host.ts';
import { needsThinRuntime } from '../../src/engine/plan-engine.ts';
import { startDaemon } from '../../src/engine/start.ts';
import { stopEngine } from '../../src/engine/stop.ts';
import type { DaemonLauncher } from '../../src/ports/daemon-launcher.ts';
import type { ContainerEngine } from '../../src/ports/container-engine.ts';

/** A second engine that holds no image, in a network namespace that has loopback and no route. */
export interface IsolatedEngine extends AsyncDisposable {
  readonly engine: ContainerEngine;
  /** In the notation of DOCKER_HOST. */
  readonly host: string;
  /** What to put before a program so that it runs in the same namespace. */
  readonly enter: readonly string[];
  /** Lets that group use it, as the group `docker` may use the engine of a machine. */
  allowGroup(group: number): Promise<void>;
}

/** @param dataRoot where its images go; a directory of its own unless said */
export async function startIsolatedEngine(dataRoot?: string): Promise<IsolatedEngine> {
  const dir = await mkdtemp(join(tmpdir(), 'meshdev-isolated-'));
  const [socket, execRoot, data] = [
    join(dir, 'docker.sock'),
    join(dir, 'exec'),
    dataRoot ?? join(dir, 'data'),
  ];
  const runner = createExecaRunner(env);
  const run = { signal: AbortSignal.timeout(600_000), progress: () => undefined };
  const deps = {
    runner,
    launcher: withoutRoutes(createDetachedLauncher()),
    connect: createDockerodeEngine,
    files: engineFiles(join(dir, 'state')),
    place: { socket, execRoot, extraArgs: ['--data-root', data, '--exec-root', execRoot] },
    env,
    templatesDir: join(import.meta.dirname, '..', '..', 'templates'),
  };
  const thin = needsThinRuntime(await readEngineHost({ runner, platform: 'linux', uid: 0 }));
  const { process } = await startDaemon(deps, thin, run);
  return {
    engine: createDockerodeEngine(socketEndpoint(socket)),
    host: `unix://${socket}`,
    enter: ['nsenter', '--target', String(process?.pid), '--net'],
    allowGroup: async (group) => {
      await chmod(dir, 0o711);
      await chown(socket, 0, group);
    },
    [Symbol.asyncDispose]: async () => {
      await stopEngine(deps, undefined, run);
      // dockerd mounts its data root onto itself.
      await runner.run('umount', [data], { allowFailure: true, signal: run.signal });
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The shell replaces itself twice, so that the process that was started becomes the daemon. */
function withoutRoutes(launcher: DaemonLauncher): DaemonLauncher {
  const script = 'ip link set lo up && exec "$0" "$@"';
  return {
    launch: (command, args, options) =>
      launcher.launch('unshare', ['--net', 'sh', '-c', script, command, ...args], options),
  };
}
