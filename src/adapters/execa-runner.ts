import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { CommandResult, ProcessRunner, RunOptions } from '../ports/process-runner.ts';
import { patience } from '../run/patience.ts';

/** What foreign programs may see of our environment; everything else stays with us. */
const PASSED =
  /^(PATH|HOME|USER|LANG|LC_.*|TMPDIR|TERM|XDG_.*|DOCKER_.*|(HTTPS?|NO|ALL)_PROXY|GO[A-Z]+|CGO_.*|PIP_.*|npm_config_.*|SSL_CERT_.*|NODE_EXTRA_CA_CERTS)$/i;

export function createExecaRunner(env: NodeJS.ProcessEnv): ProcessRunner {
  const base = passedEnvironment(env);
  return {
    run: (command, args, options) => run(command, args, options, base),
    find: (command) => findOnPath(command, env['PATH'] ?? ''),
  };
}

function passedEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).filter(([name, value]) => value !== undefined && PASSED.test(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']));
}

async function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
  base: Record<string, string>,
): Promise<CommandResult> {
  const { execa } = await import('execa');
  const child = execa(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.stdin === undefined ? { stdin: 'ignore' as const } : { input: options.stdin }),
    ...(options.timeoutMs === undefined ? {} : { timeout: patience(options.timeoutMs) }),
    env: { ...base, ...options.env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: true,
    cancelSignal: options.signal,
    forceKillAfterDelay: 5_000,
    all: true,
  });
  if (options.onLine !== undefined) void forwardLines(child.iterable({ from: 'all' }), options.onLine);
  const done = await child;
  const result = { exitCode: done.exitCode ?? -1, stdout: done.stdout, stderr: done.stderr };
  if (done.isCanceled) throw new MeshdevError('INTERRUPTED', { message: `stopped ${command} on request` });
  if (done.timedOut) {
    throw new MeshdevError('TIMED_OUT', {
      message: `${commandLine(command, args)} did not exit within ${Math.round((options.timeoutMs ?? 0) / 1000)} s; last output: ${tail(result)}`,
    });
  }
  if (done.exitCode === undefined) throw notStarted(command, done.cause);
  if (done.exitCode !== 0 && options.allowFailure !== true) throw failed(command, args, result);
  return result;
}

async function forwardLines(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) onLine(String(line));
  } catch {
    // The iterable rejects when the child fails; the awaited child reports that failure itself.
  }
}

function notStarted(command: string, cause: unknown): MeshdevError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return new MeshdevError(missing ? 'TOOL_MISSING' : 'COMMAND_FAILED', {
    message: missing
      ? `${command} is not installed (not found on PATH)`
      : `${command} could not be started or was killed`,
    cause,
  });
}

function failed(command: string, args: readonly string[], result: CommandResult): MeshdevError {
  return new MeshdevError('COMMAND_FAILED', {
    message: `${commandLine(command, args)} ended with exit code ${result.exitCode}: ${tail(result)}`,
    details: { command, args, exitCode: result.exitCode, stderr: result.stderr.slice(-4_000) },
  });
}

function commandLine(command: string, args: readonly string[]): string {
  return [command, ...args.slice(0, 3)].join(' ') + (args.length > 3 ? ' …' : '');
}

function tail(result: CommandResult): string {
  const text = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-5).join('\n');
  return text === '' ? 'no output' : text;
}

async function findOnPath(command: string, path: string): Promise<string | undefined> {
  for (const dir of path.split(delimiter).filter((part) => part !== '')) {
    const candidate = join(dir, command);
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue;
    }
  }
  return undefined;
}
