import { APP_ID } from '../../sample/names.ts';
import type { UpstreamDecoys } from '../../evidence/bad-certificates.ts';
import { GATEWAY_SERVERS } from '../../cases/certificates/verifiers.ts';
import { withShadowEdge } from '../edge/shadow-edge.ts';
import { type BadServer, withBadServers } from '../decoys/bad-servers.ts';
import { type Answered, upstreamDecoys } from '../decoys/upstream-decoys.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';

const TIMEOUT_MS = 8_000;

/** Bad gateways, and an edge beside the edge that is led to them. */
export async function collectGatewayDecoys(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'probes' | 'signal'>,
): Promise<UpstreamDecoys> {
  const order = {
    part: 'gateway',
    cases: GATEWAY_SERVERS,
    answer: ({ id }: Pick<BadServer, 'id'>) => ({ status: 200, body: id }),
  } as const;
  return upstreamDecoys(
    await withBadServers(probeContext, order, (servers) => askShadow(probeContext, servers)),
  );
}

async function askShadow(
  { context: { lab }, engine, probes, signal }: Needs<'context' | 'engine' | 'probes' | 'signal'>,
  servers: readonly BadServer[],
): Promise<ReadonlyMap<string, Answered>> {
  const upstreams = new Map(
    servers.map(({ id, port }) => [`/${id}`, `${lab.containers.probe}:${port}`] as const),
  );
  return withShadowEdge(
    { engine, ask: probes.lab, lab, host: lab.hosts[APP_ID], upstreams, signal },
    async ({ socketPath }) => {
      const results = await probes.lab(
        servers.map(({ id }) => ({
          kind: 'http',
          id,
          to: { socketPath },
          request: { method: 'GET', path: `/${id}`, headers: [['Host', lab.hosts[APP_ID]]] },
          timeoutMs: TIMEOUT_MS,
        })),
        signal,
      );
      return new Map(
        servers.map(({ id }) => {
          const answer = wireOf(results, id);
          // The shadow says in the body why it gave up.
          return [id, { answer, record: answer.status === 200 ? undefined : answer.body }];
        }),
      );
    },
  );
}
