import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import { z } from 'zod';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Batch, Job, JobResult } from './program/job.ts';
import { parseJson } from '../parse-json.ts';
import { patientJob } from './patient-jobs.ts';
import { patientTimeout } from '../run/patience.ts';

/** A batch ends when its slowest job does; this is for starting Node.js and for the way there. */
const MARGIN_MS = 15_000;

/** Has jobs run where the probe stands. Results are in the jobs' order. */
export type AskProbe = (jobs: readonly Job[], signal: AbortSignal) => Promise<readonly JobResult[]>;

export interface Probe extends Disposable {
  /** Batches run side by side. @throws MeshdevError STEP_FAILED when the program ended, TIMED_OUT, INTERRUPTED */
  readonly ask: AskProbe;
}

/** What a started program reads and where its output goes; keys travel on stdin. */
export interface ProbeStdio {
  readonly stdin: Readable;
  readonly onStdout: (chunk: Buffer) => void;
}

/** Runs the guest's probe program until its input ends. */
export type StartProbe = (
  stdio: ProbeStdio,
) => Promise<{ readonly exitCode: number; readonly stderr: Buffer }>;

type Waiting = Map<number, PromiseWithResolvers<readonly JobResult[]>>;

/** Only the frame is checked: the guest is our own code of the same version, in the same image. */
const document = z.object({
  batch: z.number(),
  results: z.array(
    z.custom<JobResult>(
      (value) => typeof value === 'object' && value !== null && 'kind' in value && 'id' in value,
    ),
  ),
});

/**
 * A probe whose program starts with the first batch and serves all that follow: an `exec` of its own for
 * each would cost more than the jobs. One that ended is started again by the next batch.
 * @param where for messages: a container, or a pod with its namespace
 */
export function openProbe(where: string, start: StartProbe): Probe {
  let program: Probe | undefined;
  return {
    ask: async (jobs, signal) => {
      if (jobs.length === 0) return [];
      program ??= startProgram(where, start, () => (program = undefined));
      return program.ask(jobs, signal);
    },
    [Symbol.dispose]: () => program?.[Symbol.dispose](),
  };
}

function startProgram(where: string, start: StartProbe, onEnd: () => void): Probe {
  const waiting: Waiting = new Map();
  const stdin = new PassThrough();
  void serve(where, start, { stdin, waiting, onEnd });
  let batches = 0;
  return {
    ask: async (jobs, signal) => {
      batches += 1;
      const batch: Batch = { batch: batches, jobs: jobs.map(patientJob) };
      stdin.write(`${JSON.stringify(batch)}\n`);
      return answered(where, batch, { waiting, signal });
    },
    [Symbol.dispose]: () => stdin.end(),
  };
}

interface Serving {
  readonly stdin: Readable;
  readonly waiting: Waiting;
  readonly onEnd: () => void;
}

/** Hands out answers until the program ends; then those that still wait are told why they get none. */
async function serve(where: string, start: StartProbe, { stdin, waiting, onEnd }: Serving): Promise<void> {
  const output = new PassThrough();
  const lines = createInterface({ input: output }).on('line', (line) => {
    const parsed = document.safeParse(parseJson(line));
    if (parsed.success) waiting.get(parsed.data.batch)?.resolve(parsed.data.results);
  });
  const read = once(lines, 'close');
  const why = await start({ stdin, onStdout: (chunk) => void output.write(chunk) }).then(
    (ended) => endedEarly(where, ended),
    (error: unknown) => error,
  );
  output.end();
  await read;
  onEnd();
  for (const { reject } of waiting.values()) reject(why);
}

function endedEarly(where: string, { exitCode, stderr }: Awaited<ReturnType<StartProbe>>): MeshdevError {
  return new MeshdevError('STEP_FAILED', {
    message: `probing from ${where}: the probe exited with code ${exitCode} and without results: ${stderr.toString('utf8').slice(-300)}`,
    remedies: ['meshdev up'],
  });
}

async function answered(
  where: string,
  { batch, jobs }: Batch,
  { waiting, signal }: { readonly waiting: Waiting; readonly signal: AbortSignal },
): Promise<readonly JobResult[]> {
  const limitMs = Math.max(...jobs.map((job) => job.timeoutMs)) + MARGIN_MS;
  const over = AbortSignal.any([signal, patientTimeout(limitMs)]);
  const answer = Promise.withResolvers<readonly JobResult[]>();
  const giveUp = (): void => answer.reject(signal.aborted ? stopped(where) : tooLate(where, limitMs));
  waiting.set(batch, answer);
  over.addEventListener('abort', giveUp, { once: true });
  if (over.aborted) giveUp();
  try {
    return await answer.promise;
  } finally {
    waiting.delete(batch);
    over.removeEventListener('abort', giveUp);
  }
}

function stopped(where: string): MeshdevError {
  return new MeshdevError('INTERRUPTED', { message: `stopped probing from ${where} on request` });
}

function tooLate(where: string, limitMs: number): MeshdevError {
  return new MeshdevError('TIMED_OUT', {
    message: `probing from ${where}: no results within ${Math.round(limitMs / 1000)} s`,
    remedies: ['meshdev up'],
  });
}
