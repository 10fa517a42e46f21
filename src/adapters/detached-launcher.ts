import { spawn, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import type { DaemonLauncher, LaunchOptions } from '../ports/daemon-launcher.ts';
import { throwIfAborted } from '../run/wait-until.ts';

/** Not execa: its children end with us, and a daemon must not. */
export function createDetachedLauncher(): DaemonLauncher {
  return { launch };
}

async function launch(command: string, args: readonly string[], options: LaunchOptions): Promise<number> {
  throwIfAborted(options.signal);
  await using log = await open(options.logFile, 'w', 0o600);
  const child = spawn(command, args, {
    cwd: '/',
    detached: true,
    env: { ...options.env },
    stdio: ['ignore', log.fd, log.fd],
  });
  await started(child, command);
  child.unref();
  if (child.pid === undefined) throw notStarted(command, undefined);
  return child.pid;
}

function started(child: ChildProcess, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(notStarted(command, error)));
  });
}

function notStarted(command: string, cause: unknown): MeshdevError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return new MeshdevError(missing ? 'TOOL_MISSING' : 'COMMAND_FAILED', {
    message: missing ? `${command} does not exist` : `${command} could not be started: ${textOf(cause)}`,
    cause,
  });
}
