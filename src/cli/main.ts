import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import type { CliContext } from './cli-context.ts';
import { runProgram } from './program.ts';

// The only file that touches process.*: everything below takes values.

const packageDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const abort = new AbortController();
let signalled: 'SIGINT' | 'SIGTERM' | undefined;

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    const code = name === 'SIGINT' ? 130 : 143;
    if (signalled !== undefined) process.exit(code);
    signalled = name;
    process.exitCode = code;
    process.stderr.write(`\nmeshdev: stopping on ${name}; once more ends it at once\n`);
    abort.abort();
  });
}

// `meshdev … | head` closes our stdout early: that is the reader's choice, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
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
  err: (text) => void process.stderr.write(text),
  outIsTty: isatty(1),
  interactive: isatty(0) && isatty(2) && process.env['CI'] === undefined,
  colour: { out: wantsColour(1), err: wantsColour(2) },
  signal: abort.signal,
};

const code = await runProgram(process.argv.slice(2), context);
process.exitCode = signalled === undefined ? code : signalled === 'SIGINT' ? 130 : 143;
// Keep-alive sockets of a finished command must not hold the process; output is flushed by then.
await new Promise((resolve) => process.stdout.write('', resolve));
process.exit();

/** By descriptor: opening all three streams would cost `--help` more than its own work. */
function wantsColour(descriptor: number): boolean {
  if (process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '') return false;
  return isatty(descriptor) && process.env['TERM'] !== 'dumb';
}
