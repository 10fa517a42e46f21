import { writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../errors/problems.ts';
import { redact } from '../errors/redact.ts';
import type { CliContext } from './cli-context.ts';
import { runProgram } from './program.ts';

// The only file that touches process.*: everything below takes values.

const packageDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const abort = new AbortController();
let signalled: 'SIGINT' | 'SIGTERM' | undefined;

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    const code = name === 'SIGINT' ? EXIT.sigint : EXIT.sigterm;
    if (signalled !== undefined) process.exit(code);
    signalled = name;
    process.exitCode = code;
    sayNow(`\nmeshdev: stopping on ${name}; once more ends it at once\n`);
    abort.abort();
  });
}

process.on('uncaughtException', (error) => {
  sayNow(`meshdev: BUG: ${redact(error.stack ?? String(error))}\n`);
  process.exit(EXIT.bug);
});

// A reader may go early (`meshdev … | head`): what is left to say is dropped, the work and its exit code stay.
// What could not be written for another reason, such as a full disk, must not look like success.
let unwritten: NodeJS.ErrnoException | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') unwritten ??= error;
});

const context: CliContext = {
  env: process.env,
  home: process.env['HOME'] ?? homedir(),
  cwd: process.cwd(),
  uid: process.getuid?.() ?? -1,
  pid: process.pid,
  platform: process.platform,
  arch: process.arch,
  packageDir,
  out: (text) => void process.stdout.write(text),
  err,
  outIsTty: isatty(1),
  interactive: isatty(0) && isatty(2) && process.env['CI'] === undefined,
  colour: { out: wantsColour(1), err: wantsColour(2) },
  signal: abort.signal,
};

const code = await runProgram(process.argv.slice(2), context);
await new Promise((resolve) => process.stdout.write('', resolve));
if (unwritten !== undefined) err(`meshdev: writing to stdout: ${unwritten.message}\n`);
process.exitCode = exitCode();
// Keep-alive sockets of a finished command must not hold the process; output is flushed by now.
process.exit();

function exitCode(): number {
  if (signalled !== undefined) return signalled === 'SIGINT' ? EXIT.sigint : EXIT.sigterm;
  return unwritten !== undefined && code === EXIT.ok ? EXIT.hostNotFit : code;
}

/** stderr is opened with the first word: that costs more than all of `--help`. */
function err(text: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  process.stderr.write(redact(text));
}

/** Past a task list, which holds back what is written to the stream. */
function sayNow(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads it.
  }
}

/** By descriptor: opening all three streams would cost `--help` more than its own work. */
function wantsColour(descriptor: number): boolean {
  if (process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '') return false;
  return isatty(descriptor) && process.env['TERM'] !== 'dumb';
}
