import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { withoutCredentials } from '../credential-forms.ts';

/*
 * Usage: node main.js PROGRAM [ARGUMENT...]
 * Runs a program that logs what its clients send, and has no option against it: every line that it writes goes on
 * without what looks like a credential. Ends as the program does; SIGTERM and SIGINT are handed on to it.
 */
const [program = '', ...argv] = process.argv.slice(2);
const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => child.kill(name));
child.once('error', (error) => {
  process.stderr.write(`${program} did not start: ${error.message}\n`, () => process.exit(127));
});

const written = [hand(child.stdout, process.stdout), hand(child.stderr, process.stderr)];
child.once('exit', (code, signal) => {
  void Promise.all(written).then(() => process.exit(code ?? (signal === null ? 1 : 0)));
});

async function hand(from: Readable, to: Writable): Promise<void> {
  for await (const line of createInterface({ input: from, crlfDelay: Infinity })) {
    // The program waits with its next line until this one is written.
    if (!to.write(`${withoutCredentials(line)}\n`)) await once(to, 'drain');
  }
}
