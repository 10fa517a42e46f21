import type { Job, JobResult } from './program/job.ts';
import { runJobs } from './program/run-jobs.ts';
import { ANSWER_MS } from './program/run-series.ts';
import { READ_FIRST_MS } from './program/run-tls.ts';
import { patience } from '../run/patience.ts';

/** The same job with deadlines for how busy the machine is now; how long it listens is one of them. */
export function patientJob(job: Job): Job {
  const timeoutMs = patience(job.timeoutMs);
  switch (job.kind) {
    case 'tls':
      return { ...job, timeoutMs, readFirstMs: patience(job.readFirstMs ?? READ_FIRST_MS) };
    case 'series':
      return { ...job, timeoutMs, answerMs: patience(job.answerMs ?? ANSWER_MS) };
    case 'http':
    case 'tcp':
    case 'dns':
      return { ...job, timeoutMs };
  }
}

/** Has jobs run by this process. */
export function runHere(jobs: readonly Job[], signal: AbortSignal): Promise<readonly JobResult[]> {
  return runJobs(jobs.map(patientJob), signal);
}
