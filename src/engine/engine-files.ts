import { join } from 'node:path';

/** The only place that knows where the engine's files are. */
export interface EngineFiles {
  readonly dir: string;
  readonly record: string;
  readonly config: string;
  readonly runtime: string;
  readonly log: string;
  readonly pid: string;
}

export const RUNTIME_NAME = 'meshdev-runc';

/** Socket of an engine that we start: what every docker client tries by itself. */
export const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Where a daemon of ours works. Everything but the default is for tests that must leave the machine's engine alone. */
export interface EnginePlace {
  readonly socket: string;
  /** Where the daemon and its containerd keep what lives until they end. */
  readonly execRoot: string;
  readonly extraArgs: readonly string[];
}

export const DEFAULT_PLACE: EnginePlace = {
  socket: DEFAULT_SOCKET,
  execRoot: '/var/run/docker',
  extraArgs: [],
};

export function engineFiles(stateDir: string): EngineFiles {
  const dir = join(stateDir, 'engine');
  return {
    dir,
    record: join(dir, 'engine.json'),
    config: join(dir, 'daemon.json'),
    runtime: join(dir, RUNTIME_NAME),
    log: join(dir, 'dockerd.log'),
    pid: join(dir, 'dockerd.pid'),
  };
}
