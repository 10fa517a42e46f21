import { wireError } from './ending.ts';
import type { Job, JobResult } from './job.ts';
import { elapsed } from './line.ts';
import { runDns } from './run-dns.ts';
import { runHttp, runTcp } from './run-plain.ts';
import { runSeries } from './run-series.ts';
import { runTls } from './run-tls.ts';

/** Enough to overlap the waiting, few enough not to look like an attack to the proxies' limits. */
const AT_ONCE = 16;

/**
 * Runs the jobs concurrently and returns their results in the jobs' order. What goes wrong with a job
 * is its result; nothing is retried.
 * @throws the signal's reason when it fires; sockets are closed by then.
 */
export async function runJobs(jobs: readonly Job[], signal: AbortSignal): Promise<readonly JobResult[]> {
  const results = new Map<number, JobResult>();
  const waiting = jobs.entries();
  const work = async (): Promise<void> => {
    for (const [at, job] of waiting) {
      if (signal.aborted) return;
      results.set(at, await runJob(job, signal));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, jobs.length) }, work));
  signal.throwIfAborted();
  return jobs.flatMap((_job, at) => results.get(at) ?? []);
}

async function runJob(job: Job, signal: AbortSignal): Promise<JobResult> {
  const began = performance.now();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(job.timeoutMs)]);
  try {
    return await dispatch(job, deadline);
  } catch (error) {
    const durationMs = elapsed(began, performance.now());
    return { kind: 'broken', id: job.id, durationMs, error: wireError(error) };
  }
}

function dispatch(job: Job, deadline: AbortSignal): Promise<JobResult> {
  switch (job.kind) {
    case 'tls':
      return runTls(job, deadline);
    case 'series':
      return runSeries(job, deadline);
    case 'http':
      return runHttp(job, deadline);
    case 'tcp':
      return runTcp(job, deadline);
    case 'dns':
      return runDns(job, deadline);
  }
}
