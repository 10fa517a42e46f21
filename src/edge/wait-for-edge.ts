import { runJobs } from '../guest/probe/run-jobs.ts';
import { resultOf } from '../guest/probe/job.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil } from '../run/wait-until.ts';
import type { Lab } from '../topology/lab.ts';
import { publicHosts } from '../topology/lab.ts';

const PATIENCE_MS = 30_000;

/** Waits until every public name is served with a certificate of this lab's edge root. */
export async function waitForEdge(lab: Lab, rootPem: string, run: RunScope): Promise<void> {
  const jobs = publicHosts(lab).map((host) => ({
    kind: 'tls' as const,
    id: host,
    host: '127.0.0.1',
    port: lab.httpsPort,
    servername: host,
    ca: rootPem,
    // The handshake is all that is awaited, but a silent connection is listened to until this ends.
    timeoutMs: 1_000,
    readFirstMs: 0,
  }));
  await waitUntil(
    async () => {
      const results = await runJobs(jobs, run.signal);
      const waiting = jobs.flatMap(({ id }) => {
        const result = resultOf(results, 'tls', id);
        if (result?.authorized === true) return [];
        return [
          `${id}: ${result?.alert ?? result?.authorizationError ?? result?.error?.message ?? result?.ended ?? 'no result'}`,
        ];
      });
      return waiting.length === 0 ? { done: true } : { seen: waiting.join(' · ') };
    },
    {
      what: `the edge on 127.0.0.1:${lab.httpsPort} to serve its certificates`,
      timeoutMs: PATIENCE_MS,
      onSeen: run.progress,
      signal: run.signal,
      remedies: [`docker logs ${lab.containers.edge}`, 'meshdev up'],
    },
  );
}
