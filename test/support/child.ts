import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import { waitUntil } from '../../src/run/wait-until.ts';

/** A program under test that runs until it is disposed; `output` grows while it runs. */
export interface Running extends AsyncDisposable {
  output(): string;
  readonly pid: number | undefined;
}

/** Starts it and waits until it accepts connections on `port` of 127.0.0.1. */
export async function startOnPort(
  program: string,
  argv: readonly string[],
  port: number,
  env: Record<string, string> = {},
): Promise<Running> {
  const child = spawn(program, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const running = { output: () => text, pid: child.pid, [Symbol.asyncDispose]: () => end(child) };
  try {
    await waitUntil(() => look(child, port, () => text), {
      what: `${program} to listen on ${port}`,
      timeoutMs: 20_000,
      intervalMs: 50,
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    await end(child);
    throw error;
  }
  return running;
}

async function look(
  child: ChildProcess,
  port: number,
  output: () => string,
): Promise<{ done: true } | { seen: string }> {
  if (child.exitCode !== null) return { seen: `exit ${child.exitCode}: ${output().slice(-2000)}` };
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return { done: true };
  } finally {
    socket.destroy();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** A port of 127.0.0.1 that nobody holds right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
