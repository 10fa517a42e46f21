import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { EngineEndpoint } from '../../../src/ports/engine-endpoint.ts';
import type { LabContext } from '../../../src/lab/lab-context.ts';

const stats = z.object({ cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }) });

/**
 * CPU seconds that the containers of a lab have used since they were started, the node with all its pods
 * among them; 0 for one that is not there. Unlike the machine's figure it holds nobody else's work.
 */
export async function containerSeconds(context: LabContext, signal: AbortSignal): Promise<number> {
  const { lab } = context;
  const { endpoint } = await context.engine(signal);
  const names = [lab.cluster.node, lab.containers.edge, lab.containers.idp, lab.containers.probe];
  const used = await Promise.all(names.map((name) => secondsOf(endpoint, name)));
  return used.reduce((total, one) => total + one, 0);
}

async function secondsOf(endpoint: EngineEndpoint, container: string): Promise<number> {
  if (endpoint.kind !== 'socket') throw new Error('the benchmarks need an engine on a local socket');
  const path = `/containers/${container}/stats?stream=false&one-shot=true`;
  const answer = await get(endpoint.path, path);
  return answer.status === 200
    ? stats.parse(JSON.parse(answer.body)).cpu_stats.cpu_usage.total_usage / 1e9
    : 0;
}

function get(socketPath: string, path: string): Promise<{ readonly status: number; readonly body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  request({ socketPath, path }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  })
    .on('error', reject)
    .end();
  return promise;
}
