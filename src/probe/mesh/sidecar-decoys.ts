import type { UpstreamDecoys } from '../../evidence/bad-certificates.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { TlsJob } from '../../agent/program/job.ts';
import { decoyApp, decoyHost } from '../../mesh/manifests/decoys.ts';
import { parseProxyLog } from '../../records/proxy-record.ts';
import { lookUntil, waitUntil } from '../../run/wait-until.ts';
import { SIDECAR_SERVERS } from '../../cases/certificates/verifiers.ts';
import { type BadServer, withBadServers } from '../decoys/bad-servers.ts';
import { newRun, withDecoyObjects } from '../decoys/decoy-objects.ts';
import { type Answered, upstreamDecoys } from '../decoys/upstream-decoys.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';

const TIMEOUT_MS = 8_000;
/** istiod collects changes for a moment; a busy gateway takes longer, and one whose istiod has just been replaced. */
const PUSH_MS = 18_000;

/** Bad servers in the app's place, and the gateway led to them by the edge's own credential. */
export async function collectSidecarDecoys(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'probes' | 'componentLogs' | 'sweep' | 'signal'>,
): Promise<UpstreamDecoys> {
  const order = {
    part: 'app',
    cases: SIDECAR_SERVERS,
    answer: ({ id }: Pick<BadServer, 'id'>) => ({ status: 200, body: id }),
    // What sidecars agree on among themselves.
    alpn: ['istio-http/1.1', 'istio', 'http/1.1'],
  } as const;
  return upstreamDecoys(
    await withBadServers(probeContext, order, (servers) => askGateway(probeContext, servers)),
  );
}

async function askGateway(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'probes' | 'componentLogs' | 'sweep' | 'signal'>,
  servers: readonly BadServer[],
): Promise<ReadonlyMap<string, Answered>> {
  const { context, signal } = probeContext;
  const run = newRun();
  const address = await probeAddress(probeContext);
  const ports = new Map(servers.map(({ id, port }) => [`/${id}`, port] as const));
  return withDecoyObjects(probeContext, decoyApp(context.lab, { run, address, ports }), async () => {
    let rounds = 0;
    let last: Asked = { run, round: 0, answers: new Map() };
    await waitUntil(
      async () => {
        rounds += 1;
        last = await askOnce(probeContext, { run, round: rounds }, servers);
        const untried = [...last.answers].find(
          ([id, answer]) => !(id === 'control' ? answer.status === 200 : tried(answer)),
        );
        return untried === undefined ? { done: true } : { seen: `${untried[0]}: ${wireWords(untried[1])}` };
      },
      { what: 'the gateway to receive the decoys of the app', timeoutMs: PUSH_MS, intervalMs: 100, signal },
      // Without its control the column proves nothing, and its judges say so.
    ).catch((error: unknown) => {
      if (last.answers.size === 0 || signal.aborted) throw error;
    });
    return withRecords(probeContext, last);
  });
}

/**
 * The gateway went to the server, whatever came of it. Each server is a cluster of its own, and these become
 * usable one by one: the gateway answers 503 without going anywhere while it lacks one.
 */
function tried({ status, body }: WireResult): boolean {
  return status === 200 || body.startsWith('upstream connect error');
}

function wireWords({ status, ended, body }: WireResult): string {
  return `${status ?? ended} ${body.slice(0, 200)}`;
}

/** Proxies write their logs every 100 ms; a record that is not there after this never comes. */
const PATIENCE_MS = 6_000;

/** The gateway's log says why it gave up an upstream; the answer does not. */
async function withRecords(
  { componentLogs, signal }: Needs<'componentLogs' | 'signal'>,
  asked: Asked,
): Promise<ReadonlyMap<string, Answered>> {
  const look = () => {
    const lines = componentLogs.of('gateway').filter((line) => line.includes(asked.run));
    const records = parseProxyLog(lines.join('\n'));
    const recordOf = (id: string) => records.findLast((record) => record.user_agent === agentOf(asked, id));
    return [...asked.answers].map(([id, answer]) => ({ id, answer, record: recordOf(id) }));
  };
  const found = await lookUntil(look, (seen) => seen.every(({ record }) => record !== undefined), {
    timeoutMs: PATIENCE_MS,
    intervalMs: 150,
    signal,
  });
  return new Map(
    found.map(({ id, answer, record }) => [
      id,
      { answer, record: record?.upstream_failure?.replaceAll('_', ' ') },
    ]),
  );
}

/** The same servers are asked until all are known: each time leaves records of its own. */
interface Round {
  readonly run: string;
  readonly round: number;
}

interface Asked extends Round {
  readonly answers: ReadonlyMap<string, WireResult>;
}

function agentOf({ run, round }: Round, id: string): string {
  return `meshdev-twin/${run}/${round}/${id}`;
}

async function askOnce(
  { context: { lab }, keys, probes, signal }: Needs<'context' | 'keys' | 'probes' | 'signal'>,
  round: Round,
  servers: readonly BadServer[],
): Promise<Asked> {
  const host = decoyHost(lab, round.run);
  const jobs = servers.map(({ id }): TlsJob => ({
    kind: 'tls',
    id,
    host: lab.cluster.node,
    port: lab.gatewayNodePort,
    servername: host,
    ca: keys.mesh.rootPem,
    alpn: ['http/1.1'],
    cert: keys.edgeClient.certificatePem,
    key: keys.edgeClient.keyPem,
    timeoutMs: TIMEOUT_MS,
    request: {
      method: 'GET',
      path: `/${id}`,
      headers: [
        ['Host', host],
        ['User-Agent', agentOf(round, id)],
      ],
    },
  }));
  const results = await probes.lab(jobs, signal);
  return { ...round, answers: new Map(servers.map(({ id }) => [id, wireOf(results, id)])) };
}

async function probeAddress({
  context: { lab },
  engine,
  signal,
}: Needs<'context' | 'engine' | 'signal'>): Promise<string> {
  const probe = await engine.containers.inspect(lab.containers.probe, signal);
  const address = probe?.networks.find(({ network }) => network === lab.network)?.address;
  if (address !== undefined && address !== '') return address;
  throw new MeshdevError('LAB_NOT_UP', {
    message: `${lab.containers.probe} has no address on ${lab.network}`,
    remedies: ['meshdev up'],
  });
}
