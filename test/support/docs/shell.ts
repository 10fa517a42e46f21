import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Environment } from '../e2e-program.ts';

/** One bash that keeps its variables from command to command, as the one of a reader does. */
export interface Shell extends AsyncDisposable {
  /** @returns what the command printed on stdout and stderr, in that order of time */
  run(command: string): Promise<string>;
}

/** Whatever hangs longer than this is a fault by itself. */
const PATIENCE_MS = 5 * 60_000;

export function openShell(env: Environment, cwd: string): Shell {
  const child = spawn('bash', ['--norc', '--noprofile'], {
    cwd,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.write('exec 2>&1\n');
  child.stdout.setEncoding('utf8');
  return {
    run: (command) => runIn(child, command),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      endGroup(child);
      await ended;
    },
  };
}

/** A mark of its own after each command: no output can look like it. */
async function runIn(child: ChildProcess, command: string): Promise<string> {
  const mark = `[${randomUUID()}]`;
  const printed = readUntil(child, mark);
  child.stdin?.write(`{ ${command}\n} </dev/null\necho '${mark}'\n`);
  return printed;
}

function readUntil(child: ChildProcess, mark: string): Promise<string> {
  let text = '';
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const guard = setTimeout(() => endGroup(child), PATIENCE_MS);
  const onData = (chunk: string): void => {
    text += chunk;
    const end = text.indexOf(mark);
    if (end >= 0) resolve(text.slice(0, end));
  };
  const onClose = (): void => reject(new Error(`the shell ended; it printed:\n${text}`));
  child.stdout?.on('data', onData);
  child.stdout?.on('close', onClose);
  return promise.finally(() => {
    clearTimeout(guard);
    child.stdout?.off('data', onData);
    child.stdout?.off('close', onClose);
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}
