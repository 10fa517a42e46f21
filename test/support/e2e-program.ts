import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { MeshdevError } from '../../src/errors/meshdev-error.ts';
import { notGreenIn } from './not-green.ts';

/** How a program ended, and all that it said. */
export interface Ended {
  /** Of the program; a negative number when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** What a program sees beside our own variables; undefined takes one away. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface StartOptions {
  readonly env?: Environment;
  readonly cwd?: string;
  readonly stdin?: string;
}

/** A program that runs in a process group of its own, as a shell starts a job. */
export interface Started extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr has said it; rejects when the program ends without. */
  said(pattern: RegExp): Promise<void>;
  /** To the program alone, as `kill` does. */
  kill(signal: NodeJS.Signals): void;
  /** To all of the job, as Ctrl-C in a terminal does. */
  killJob(signal: NodeJS.Signals): void;
}

/** Whatever hangs longer than this is a fault by itself. */
const PATIENCE_MS = 5 * 60_000;

export function startProgram(program: string, argv: readonly string[], options: StartOptions = {}): Started {
  const started = performance.now();
  const child = spawn(program, argv, {
    detached: true,
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${program} did not start`);
  child.stdin?.end(options.stdin);
  const text = gather(child);
  const killJob = (signal: NodeJS.Signals): void => signalGroup(pid, signal);
  const guard = setTimeout(() => killJob('SIGKILL'), PATIENCE_MS);
  const ended = endOf(child).then((exitCode) => {
    clearTimeout(guard);
    return { exitCode, ...text(), durationMs: performance.now() - started };
  });
  return {
    pid,
    ended,
    said: (pattern) => saidIn(child, pattern, text, ended),
    kill: (signal) => void child.kill(signal),
    killJob,
    [Symbol.asyncDispose]: async () => {
      killJob('SIGKILL');
      await ended;
    },
  };
}

/** Runs a program to its end, whatever its exit code. */
export async function runProgram(
  program: string,
  argv: readonly string[],
  options: StartOptions = {},
): Promise<Ended> {
  return startProgram(program, argv, options).ended;
}

/** Runs a program that is a tool of the test, not its subject: it has to work. Returns stdout. */
export async function must(
  program: string,
  argv: readonly string[],
  options: StartOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(program, argv, options);
  if (exitCode === 0) return stdout;
  throw new MeshdevError('COMMAND_FAILED', {
    message: `${program} ${argv.join(' ')}: exit ${exitCode}: ${stderr.slice(-2_000)}`,
  });
}

/** Insists on an exit code; what the program said is the best message there is when it was another. */
export function exited(ended: Ended, exitCode: number): Ended {
  if (ended.exitCode === exitCode) return ended;
  const { stdout, stderr } = ended;
  // A report of two thousand verdicts is cut long before the few that matter.
  const red = notGreenIn(stdout);
  throw new Error(
    [
      `exit ${ended.exitCode}, wanted ${exitCode}`,
      ...(red.length === 0 ? [] : ['--- not green', ...red]),
      `--- stderr\n${stderr.slice(-6_000)}`,
      `--- stdout\n${stdout.slice(-6_000)}`,
    ].join('\n'),
  );
}

type Text = () => { readonly stdout: string; readonly stderr: string };

function gather(child: ChildProcess): Text {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => (text[name] += chunk));
  return () => ({ ...text });
}

/** After `close`, not `exit`: what the program said last may still be on its way. */
async function endOf(child: ChildProcess): Promise<number> {
  const result = { exitCode: -1 };
  child.once('exit', (code: number | null) => (result.exitCode = code ?? -1));
  await once(child, 'close');
  return result.exitCode;
}

async function saidIn(
  { stderr: stream }: ChildProcess,
  pattern: RegExp,
  text: Text,
  ended: Promise<Ended>,
): Promise<void> {
  while (!pattern.test(text().stderr)) {
    if (stream === null || stream.closed)
      throw new Error(`it ended and never said ${pattern}:\n${text().stderr.slice(-4_000)}`);
    await Promise.race([once(stream, 'data'), ended]);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group is gone already.
  }
}
