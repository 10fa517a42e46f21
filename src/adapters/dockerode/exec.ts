import { type Duplex, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { ExecCreateOptions } from 'dockerode';
import type { ExecResult, ExecSpec } from '../../ports/container-engine.ts';
import { waitUntil } from '../../run/wait-until.ts';
import { collector } from '../collector.ts';
import type { EngineClient } from './client.ts';
import { CreatedAnswer, ExecAnswer } from './schemas.ts';
import { readAnswer } from '../../read-answer.ts';

const DEFAULT_LIMIT_MS = 60_000;

/** Runs a program in a container and waits for its end. */
export async function execIn(
  client: EngineClient,
  id: string,
  spec: ExecSpec,
  signal: AbortSignal,
): Promise<ExecResult> {
  const timeoutMs = spec.timeoutMs ?? DEFAULT_LIMIT_MS;
  const doing = `running ${spec.argv.slice(0, 3).join(' ')} in container ${id}`;
  const result = await client.call({ doing, timeoutMs, signal }, (docker, abortSignal) =>
    runExec(docker, { id, spec, doing }, abortSignal),
  );
  return result ?? { exitCode: -1, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
}

async function runExec(
  docker: Docker,
  { id, spec, doing }: { readonly id: string; readonly spec: ExecSpec; readonly doing: string },
  abortSignal: AbortSignal,
): Promise<ExecResult> {
  const exec = await docker.getContainer(id).exec({ ...execOptions(spec), abortSignal });
  readAnswer(CreatedAnswer, { id: exec.id }, doing);
  const stream = await startExec(exec, spec, abortSignal);
  const sent = send(spec.stdin, stream);
  const stdout = collector(spec.onStdout);
  const stderr = collector(spec.onStderr);
  docker.modem.demuxStream(stream, stdout.stream, stderr.stream);
  const ended = toItsEnd(stream, abortSignal);
  // A program that ended needs no more input, and its source may have no end.
  const [, failure] = await Promise.all([ended, Promise.race([sent, ended.then(() => undefined)])]);
  if (failure !== undefined) throw failure;
  const exitCode = await exitCodeOf(exec, spec, abortSignal);
  return { exitCode, stdout: stdout.bytes(), stderr: stderr.bytes() };
}

/** The connection is of no use after that: a program that ended reads no input. */
async function toItsEnd(stream: Duplex, signal: AbortSignal): Promise<void> {
  try {
    await finished(stream, { writable: false, signal });
  } finally {
    stream.destroy();
  }
}

/** With input the connection is taken over, so that ending our side gives the program its end of file. */
async function startExec(exec: Docker.Exec, spec: ExecSpec, abortSignal: AbortSignal): Promise<Duplex> {
  const hijack = spec.stdin !== undefined;
  return exec.start({ hijack, stdin: hijack, Detach: false, Tty: false, abortSignal });
}

/** Sends the input to its end. Resolves with what made its source fail, if anything did. */
async function send(stdin: ExecSpec['stdin'], stream: Duplex): Promise<unknown> {
  if (stdin === undefined) return undefined;
  if (!(stdin instanceof Readable)) {
    stream.end(stdin);
    return undefined;
  }
  try {
    for await (const chunk of stdin) if (!stream.write(chunk)) await drained(stream);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    stream.end();
  }
}

/** Also resolves when the other side is gone: nothing would ever drain then. */
function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const events = ['drain', 'close', 'error'] as const;
    const done = (): void => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
    if (stream.destroyed) done();
  });
}

function execOptions(spec: ExecSpec): ExecCreateOptions {
  return {
    Cmd: [...spec.argv],
    AttachStdin: spec.stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    Env: Object.entries(spec.env ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(spec.user === undefined ? {} : { User: spec.user }),
    ...(spec.cwd === undefined ? {} : { WorkingDir: spec.cwd }),
    ...(spec.privileged === undefined ? {} : { Privileged: spec.privileged }),
  };
}

/** The output can end a moment before the engine has noted the exit. */
async function exitCodeOf(exec: Docker.Exec, spec: ExecSpec, signal: AbortSignal): Promise<number> {
  const look = async (): Promise<{ done: number } | { seen: string }> => {
    const seen = readAnswer(
      ExecAnswer,
      await exec.inspect({ abortSignal: signal }),
      `ending ${spec.argv[0] ?? 'a program'}`,
    );
    return seen.Running || seen.ExitCode === null
      ? { seen: 'its output ended, its exit code is not available yet' }
      : { done: seen.ExitCode };
  };
  return waitUntil(look, {
    what: `${spec.argv[0] ?? 'the program'} to exit`,
    timeoutMs: 10_000,
    intervalMs: 20,
    signal,
  });
}
