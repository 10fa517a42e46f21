import { runJobs } from '../agent/program/run-jobs.ts';
import { resultOf } from '../agent/program/job.ts';
import { portProxyOf } from '../engine/port-proxies.ts';
import { readProcess } from '../engine/process-identity.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { findSocketOwner } from '../host/socket-owner.ts';
import type { RunScope } from '../run/run-scope.ts';
import { waitUntil } from '../run/wait-until.ts';
import type { Lab } from '../topology/lab.ts';
import { publicHosts } from '../topology/lab.ts';

const PATIENCE_MS = 30_000;

/**
 * Waits until every public name is served with a certificate of this lab's edge root.
 * @throws MeshdevError TIMED_OUT naming what was last seen and who listens on the port
 */
export async function waitForEdge(lab: Lab, rootPem: string, run: RunScope): Promise<void> {
  try {
    await waitUntilServed(lab, rootPem, run);
  } catch (error) {
    if (!(error instanceof MeshdevError) || error.code !== 'TIMED_OUT') throw error;
    const { message, remedies } = error;
    const listener = await listenerOn(lab.httpsPort);
    throw new MeshdevError('TIMED_OUT', { message: `${message}; ${listener}`, remedies, cause: error });
  }
}

/** Whoever answers on the edge's port need not be the edge. */
export async function listenerOn(port: number): Promise<string> {
  const owner = await findSocketOwner(port);
  if (owner === undefined) return `meshdev cannot determine which process listens on port ${port}`;
  const seen = await readProcess(owner.pid);
  const proxy = seen === undefined ? undefined : portProxyOf(seen);
  const leads = proxy === undefined ? '' : `, which forwards to ${proxy.containerAddress}`;
  return `${owner.program} (process ${owner.pid}) listens on port ${port}${leads}`;
}

async function waitUntilServed(lab: Lab, rootPem: string, run: RunScope): Promise<void> {
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
