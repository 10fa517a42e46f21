import { writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../errors/problems.ts';
import { redact } from '../errors/redact.ts';
import type { CliContext } from './cli-context.ts';
import { runProgram } from './program.ts';
import { Interruption, stoppedCode } from '../run/interruption.ts';

// The only file that touches process.*: everything below takes values.

/** Who draws on the terminal just now. */
const screen: { note: ((text: string) => void) | undefined } = { note: undefined };

const packageDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const abort = new AbortController();

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    const interruption = new Interruption(name);
    if (stoppedCode(abort.signal) !== false) {
      giveScreenBack();
      process.exit(interruption.exitCode);
    }
    const words = `meshdev: stopping on ${name}; a second signal stops now`;
    if (screen.note === undefined) sayNow(`\n${words}\n`);
    else screen.note(words);
    abort.abort(interruption);
  });
}

process.on('uncaughtException', (error) => {
  giveScreenBack();
  sayNow(`meshdev: BUG: ${redact(error.stack ?? String(error))}\n`);
  process.exit(EXIT.bug);
});

// A reader may go early (`meshdev … | head`): what is left to say is dropped, the work and its exit code stay.
// What could not be written for another reason, such as a full disk, must not look like success.
let unwritten: NodeJS.ErrnoException | undefined;
const readerGone = new AbortController();
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') readerGone.abort(error);
  else unwritten ??= error;
});

const context: CliContext = {
  env: process.env,
  home: process.env['HOME'] ?? homedir(),
  cwd: process.cwd(),
  uid: process.getuid?.() ?? -1,
  pid: process.pid,
  platform: process.platform,
  arch: process.arch,
  nodeVersion: process.versions.node,
  packageDir,
  out: (text) => void process.stdout.write(text),
  err,
  outBytes: (chunk) => void process.stdout.write(chunk),
  errBytes: (chunk) => void openStderr().write(chunk),
  readerGone: readerGone.signal,
  stdin: () => process.stdin,
  outIsTty: isatty(1),
  terminal: canBeRedrawn(2) ? { stream: () => process.stderr, draws } : undefined,
  interactive: isatty(0) && isatty(2) && process.env['CI'] === undefined,
  columns: {
    out: () => (isatty(1) ? process.stdout.columns : undefined),
    err: () => (isatty(2) ? process.stderr.columns : undefined),
  },
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
  return unwritten !== undefined && code === EXIT.ok ? EXIT.hostNotFit : code;
}

/** stderr is opened with the first word: that costs more than all of `--help`. */
function err(text: string): void {
  openStderr().write(redact(text));
}

function openStderr(): NodeJS.WriteStream {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  return process.stderr;
}

/** Without waiting for anything: the next signal ends the process. */
function sayNow(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads it.
  }
}

function draws(note: (text: string) => void): Disposable {
  screen.note = note;
  return {
    [Symbol.dispose]: () => {
      screen.note = undefined;
    },
  };
}

/** Whoever draws hides the cursor, and holds back what others write to the stream. */
function giveScreenBack(): void {
  if (screen.note !== undefined) sayNow('\u001B[?25h\n');
}

function canBeRedrawn(descriptor: number): boolean {
  return isatty(descriptor) && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb';
}

/** By descriptor: opening all three streams would cost `--help` more than its own work. */
function wantsColour(descriptor: number): boolean {
  if (process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '') return false;
  return isatty(descriptor) && process.env['TERM'] !== 'dumb';
}
