import { text } from 'node:stream/consumers';
import { parseJobs } from './parse-jobs.ts';
import { runJobs } from './run-jobs.ts';

/*
 * Usage: node main.js < jobs.json
 * One document in, one document out: `{ "jobs": [...] }` on stdin, `{ "results": [...] }` on stdout.
 * Exits 0 whatever the probes saw, 2 when the document is not usable (why: on stderr).
 */
process.once('SIGTERM', () => process.exit(143));
process.once('SIGINT', () => process.exit(130));

try {
  const jobs = parseJobs(await text(process.stdin));
  const results = await runJobs(jobs, new AbortController().signal);
  // Not before the pipe has taken everything: an exit would cut the document short.
  process.stdout.write(`${JSON.stringify({ results })}\n`, () => process.exit(0));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () => process.exit(2));
}
