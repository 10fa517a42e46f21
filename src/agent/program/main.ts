import { createInterface } from 'node:readline';
import type { BatchResults } from './job.ts';
import { parseBatch } from './parse-jobs.ts';
import { runJobs } from './run-jobs.ts';

/*
 * Usage: node main.js [IDLE_MS]
 * One document per line in, one per line out, each as soon as it is done: `{ "batch": n, "jobs": [...] }`
 * on stdin, `{ "batch": n, "results": [...] }` on stdout. Ends after its input, when all is answered, and
 * when nobody asked for a while: the kubelet leaves stdin open when whoever held it was killed.
 * Exits 0 whatever the probes saw, 2 when a line is not usable (why: on stderr).
 */
process.once('SIGTERM', () => process.exit(143));
process.once('SIGINT', () => process.exit(130));
// Whoever asked is gone.
process.stdout.once('error', () => process.exit(0));

const IDLE_MS = Number(process.argv[2] ?? 300_000);

let underWay = 0;
let isInputOver = false;

async function answer(line: string): Promise<void> {
  underWay += 1;
  try {
    const { batch, jobs } = parseBatch(line);
    const document: BatchResults = { batch, results: await runJobs(jobs, new AbortController().signal) };
    process.stdout.write(`${JSON.stringify(document)}\n`);
  } catch (error) {
    process.exitCode = 2;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () => process.exit());
  } finally {
    underWay -= 1;
    idle.refresh();
    endIfDone();
  }
}

/** Sockets of jobs that are done may still linger. */
function endIfDone(): void {
  // Not before the pipe has taken everything: an exit would cut a document short.
  if (isInputOver && underWay === 0) process.stdout.write('', () => process.exit());
}

const idle = setTimeout(() => {
  if (underWay === 0) process.exit(0);
}, IDLE_MS);

createInterface({ input: process.stdin })
  .on('line', (line) => void answer(line))
  .on('close', () => {
    isInputOver = true;
    endIfDone();
  });
