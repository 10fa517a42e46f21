import { ADMIN } from '../../sample/names.ts';
import type { TokenCanary } from '../../evidence/tokens.ts';
import { resultOf } from '../../agent/program/job.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { forgeToken } from './forge-token.ts';
import { withRogueServer } from '../../agent/ask-rogue-server.ts';
import type { TokenCaseId } from '../../cases/tokens/token-cases.ts';
import { canaryUrl, forgeryBase } from './forgery-base.ts';
import { sendTraced } from '../requests/send-traced.ts';
import { decoyPorts } from '../decoys/decoy-ports.ts';
import type { Needs } from '../probe-context.ts';

const URLS_BROUGHT = ['jku', 'jku-own-kid', 'x5u'] as const satisfies readonly TokenCaseId[];
/** The path of the honest fetch, so that it is not taken for one of the others. */
const HONEST = '/honest.json';

/** Shows tokens whose headers name a key set of the forger's while that URL is listened to. */
export async function collectTokenCanary(
  probeContext: Needs<
    'context' | 'engine' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'asked' | 'leftMs' | 'signal'
  >,
): Promise<TokenCanary> {
  const { context, engine, probes, signal } = probeContext;
  const { lab } = context;
  const ports = decoyPorts();
  const port = ports.portOf(0);
  const { done, sightings } = await withRogueServer(
    {
      engine,
      ask: probes.lab,
      container: lab.containers.probe,
      controlPort: ports.control,
      timeoutMs: 15_000,
      signal,
      listeners: [{ id: 'canary', port, otherwise: { status: 200, body: '{"keys":[]}' } }],
    },
    async () => {
      const [reachable, answered] = await Promise.all([
        fetchHonestly(probeContext, port),
        showAll(probeContext, port),
      ]);
      return { reachable, answered };
    },
  );
  const requests = sightings.flatMap((sighting) => sighting.requests);
  const hits = requests.filter(({ path }) => path !== HONEST);
  return {
    answered: done.answered,
    reachable: done.reachable && requests.some(({ path }) => path === HONEST),
    hits: hits.map(({ method, path }) => `${method} ${path}`),
  };
}

async function showAll(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'asked' | 'leftMs' | 'signal'>,
  port: number,
): Promise<number> {
  const canary = canaryUrl(probeContext.context.lab, port);
  const base = { ...forgeryBase(probeContext, (await probeContext.tokens())[ADMIN]), canary };
  const outgoing = await Promise.all(
    URLS_BROUGHT.map(async (id) => ({
      id,
      method: 'GET',
      path: '/headers',
      token: await forgeToken(id, base),
    })),
  );
  const requests = await sendTraced(probeContext, outgoing);
  return [...requests.values()].filter(({ sidecar }) => sidecar !== undefined).length;
}

/** From a pod: whoever obeyed such a token would be there too. */
async function fetchHonestly(
  { context: { cluster, lab }, probes, signal }: Needs<'context' | 'probes' | 'signal'>,
  port: number,
): Promise<boolean> {
  const { hostname, host } = new URL(canaryUrl(lab, port));
  const results = await probes.pod(
    await podOf(cluster, lab, 'intruder', signal),
    [
      {
        kind: 'http',
        id: 'honest',
        to: { host: hostname, port },
        timeoutMs: 5_000,
        request: { method: 'GET', path: HONEST, headers: [['Host', host]] },
      },
    ],
    signal,
  );
  return resultOf(results, 'http', 'honest')?.response?.status === 200;
}
