import { fileError } from '../errors/file-error.ts';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { EXIT } from '../errors/problems.ts';
import { redact } from '../errors/redact.ts';
import { fold } from '../report/fold.ts';
import { json } from '../report/json.ts';
import { stoppedCode } from '../run/interruption.ts';
import type { CliContext } from './cli-context.ts';
import { repeatFlags } from './remedies.ts';

/** Says what failed, what was seen and what to do; returns the exit code. */
export function reportFailure(
  thrown: unknown,
  context: CliContext,
  options: { json: boolean; verbose: boolean; argv: readonly string[] },
): number {
  const stopped = stoppedCode(context.signal);
  const error = stopped === false ? withDeadlineNamed(asMeshdevError(thrown)) : asInterruption(thrown);
  const exitCode = stopped === false ? error.exitCode : stopped;
  const remedies = repeatFlags(error.remedies, options.argv);
  if (options.json) context.out(json({ ...asJson(error, remedies), exitCode }));
  context.err(fold(asText(error, remedies, options.verbose), context.columns.err()));
  return exitCode;
}

/**
 * After Ctrl-C whatever fails was stopped: a program of the same job that got the signal itself ends with
 * a code of its own, and that is no fault of anybody.
 */
function asInterruption(thrown: unknown): MeshdevError {
  if (thrown instanceof MeshdevError && thrown.code === 'INTERRUPTED') return thrown;
  const known = thrown instanceof MeshdevError ? thrown : undefined;
  return new MeshdevError('INTERRUPTED', {
    message: known === undefined ? 'stopped on request' : `stopped on request; last seen: ${known.message}`,
    cause: thrown,
  });
}

/** A deadline ends a run through its signal, as a person does; a question that a person left is none. */
function withDeadlineNamed(error: MeshdevError): MeshdevError {
  if (error.code !== 'INTERRUPTED' || error.details['byPerson'] === true) return error;
  return new MeshdevError('TIMED_OUT', {
    message: `the deadline of --timeout passed: ${error.message}`,
    cause: error,
  });
}

function asMeshdevError(thrown: unknown): MeshdevError {
  if (thrown instanceof MeshdevError) return thrown;
  return fileError(thrown) ?? asBug(thrown);
}

function asBug(thrown: unknown): MeshdevError {
  return new MeshdevError('BUG', {
    message: textOf(thrown),
    remedies: ['run it again with --verbose and report the output'],
    cause: thrown,
  });
}

function asText(error: MeshdevError, remedies: readonly string[], verbose: boolean): string {
  const lines = remedies.map((remedy) => `  run    ${remedy}\n`).join('');
  const trace = verbose || error.exitCode === EXIT.bug ? `${stackOf(error)}\n` : '';
  return redact(`meshdev: ${error.code}: ${error.message}\n${lines}${trace}`);
}

function stackOf(error: MeshdevError): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : '';
  return `${error.stack}${cause}`;
}

function asJson(error: MeshdevError, remedies: readonly string[]) {
  return {
    schemaVersion: '1',
    kind: 'Error',
    code: error.code,
    message: redact(error.message),
    remedies,
  } as const;
}
