import { ADMIN, APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import { z } from 'zod';
import type { WireResult } from '../../evidence/wire-result.ts';
import type { Bypass, PodPort } from '../../evidence/bypass.ts';
import { bypassCases } from '../../cases/bypass-cases.ts';
import { EDGE_ADMIN_SOCKET } from '../../edge/edge-files.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { type Job, type JobResult, resultOf } from '../../agent/program/job.ts';
import { parseProcNetTcp } from '../../host/proc-net.ts';
import { authorityOf, type WorkloadName } from '../../topology/lab.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { forge } from '../certificates/forge.ts';
import { type ClientCertificate, sidecarClient } from '../certificates/shown.ts';
import { bypassJob, bypassPlaces } from './bypass-jobs.ts';
import { wireOf } from '../requests/wire.ts';
import { forgerOf } from '../certificates/forger.ts';
import type { Needs } from '../probe-context.ts';

const TIMEOUT_MS = 5_000;

/** Pods with an app behind a sidecar: no other port of theirs may answer. */
const SIDECARS = [APP_ID, INTERNAL_ID, 'caller'] as const satisfies readonly WorkloadName[];
/** Istio's own, which the pod's iptables leave alone: what they may give is the business of MD-EXPO-005. */
export const AGENT_PORTS: ReadonlySet<number> = new Set([15020, 15021, 15090]);

/** Tries every way around the chain: one run in the non-mesh client's pod, one in a container on the lab's network. */
export async function collectBypass(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'probes' | 'tokens' | 'signal'>,
): Promise<Bypass> {
  const { context, probes, signal } = probeContext;
  const { cluster, lab } = context;
  const forger = await forgerOf(probeContext);
  const [places, sockets, foreign, own, nonMeshClient] = await Promise.all([
    bypassPlaces(probeContext),
    Promise.all(SIDECARS.map((workload) => socketsOf(probeContext, workload))),
    // Right in everything but who signed it.
    forge('edge-client', { by: 'stranger' }, forger),
    sidecarClient('control', forger),
    podOf(cluster, lab, 'intruder', signal),
  ]);
  const attempts = bypassCases(lab).flatMap((one) => {
    const job = bypassJob(one, { places, foreign, host: lab.hosts[APP_ID] });
    return job === undefined ? [] : [{ ...one, job }];
  });
  const jobsOf = (asker: 'intruder' | 'probe'): readonly Job[] =>
    attempts.filter(({ from }) => from === asker).map(({ job }) => job);
  const ports = sockets.flatMap(({ workload, address, ports: listed }) =>
    listed.map((port) => ({ workload, address, port })),
  );
  const [inside, beside] = await Promise.all([
    probes.pod(
      nonMeshClient,
      [
        ...jobsOf('intruder'),
        ...ports.map(portJob),
        ...allowedJobs(probeContext, places.edge),
        ...(await peerJobs(probeContext, places['app-pod'], own)),
      ],
      signal,
    ),
    // By its name: the probe's name service is under proof as well.
    probes.lab([...jobsOf('probe'), edgeJob(probeContext, lab.containers.edge), ...adminJobs()], signal),
  ]);
  const results = { intruder: inside, probe: beside };
  const peer = places['app-pod'] === undefined ? NOT_THERE : wireOf(inside, 'peer');
  return {
    tried: attempts.map(({ id, check, from, job }) => ({ id, check, wire: wireOf(results[from], job.id) })),
    ports: ports.map(({ workload, port }): PodPort => ({
      workload,
      port,
      wire: wireOf(inside, portId({ workload, port })),
    })),
    unlisted: sockets.flatMap(({ workload, because }) =>
      because === undefined ? [] : [{ workload, because }],
    ),
    allowed: {
      dns: addressIn(inside),
      edge: places.edge === undefined ? NOT_THERE : wireOf(inside, ALLOWED_EDGE),
      probe: wireOf(beside, ALLOWED_EDGE),
    },
    adminSocket: { own: wireOf(beside, 'admin-own'), crossOrigin: wireOf(beside, 'admin-cross-origin') },
    // The body repeats the token; only what it says of the peer leaves here.
    appPeer: { wire: { ...peer, body: '' }, address: peerIn(peer.body) },
  };
}

/** Nobody was asked: there is no address to ask at. */
const NOT_THERE: WireResult = {
  ended: 'unreachable',
  connected: false,
  peerChain: [],
  headers: {},
  body: '',
  error: 'it has no address',
};

interface Sockets {
  readonly workload: WorkloadName;
  /** Of the very pod whose sockets they are; empty when there is none. */
  readonly address: string;
  readonly ports: readonly number[];
  readonly because?: string;
}

/** TCP ports that listen in the pod on more than its loopback. */
async function socketsOf(
  { context: { cluster, lab }, signal }: Needs<'context' | 'signal'>,
  workload: WorkloadName,
): Promise<Sockets> {
  try {
    const { namespace, pod, address: ofPod } = await podOf(cluster, lab, workload, signal);
    const { stdout } = await cluster.exec({
      namespace,
      pod,
      container: 'istio-proxy',
      argv: ['cat', '/proc/net/tcp', '/proc/net/tcp6'],
      timeoutMs: 10_000,
      signal,
    });
    const open = parseProcNetTcp(stdout.toString('utf8')).filter(({ address }) => !isPodLoopback(address));
    const ports = [...new Set(open.map(({ port }) => port))].filter((port) => !AGENT_PORTS.has(port));
    return { workload, address: ofPod, ports: ports.toSorted((a, b) => a - b) };
  } catch (error) {
    return { workload, address: '', ports: [], because: textOf(error) };
  }
}

export function isPodLoopback(address: string): boolean {
  return (
    address.startsWith('127.') || address === '0:0:0:0:0:0:0:1' || address.startsWith('0:0:0:0:0:ffff:7f')
  );
}

type Port = Pick<PodPort, 'workload' | 'port'>;

function portId({ workload, port }: Port): string {
  return `port-${workload}-${port}`;
}

function portJob(one: Port & Pick<Sockets, 'address'>): Job {
  return {
    kind: 'http',
    id: portId(one),
    to: { host: one.address, port: one.port },
    request: { method: 'GET', path: '/headers', headers: [['Host', one.workload]] },
    timeoutMs: TIMEOUT_MS,
  };
}

/** Its own name service and the edge, like every pod: what is refused elsewhere is not refused by a dead network. */
function allowedJobs(probeContext: Needs<'context' | 'keys'>, edge: string | undefined): readonly Job[] {
  const name = probeContext.context.lab.hosts[APP_ID];
  return [
    { kind: 'dns', id: 'allowed-dns', name, timeoutMs: TIMEOUT_MS },
    ...(edge === undefined ? [] : [edgeJob(probeContext, edge)]),
  ];
}

const ALLOWED_EDGE = 'allowed-edge';

function edgeJob({ context: { lab }, keys }: Needs<'context' | 'keys'>, host: string): Job {
  return {
    kind: 'tls',
    id: ALLOWED_EDGE,
    host,
    port: lab.httpsPort,
    servername: lab.hosts[APP_ID],
    ca: keys.edge.rootPem,
    alpn: ['http/1.1'],
    readFirstMs: 0,
    timeoutMs: TIMEOUT_MS,
    request: { method: 'GET', path: '/headers', headers: [['Host', authorityOf(lab)]] },
  };
}

function addressIn(results: readonly JobResult[]): string | undefined {
  const lookup = resultOf(results, 'dns', 'allowed-dns')?.lookup;
  return lookup !== undefined && 'addresses' in lookup ? lookup.addresses[0] : undefined;
}

/** No proxy before it adds X-Forwarded-For here, so the app names the peer of its own socket. */
async function peerJobs(
  { context: { lab }, keys, tokens }: Needs<'context' | 'keys' | 'tokens'>,
  app: string | undefined,
  own: ClientCertificate,
): Promise<readonly Job[]> {
  if (app === undefined) return [];
  const { [ADMIN]: admin } = await tokens();
  const job: Job = {
    kind: 'tls',
    id: 'peer',
    host: app,
    port: 8080,
    servername: `outbound_.8000_._.${APP_ID}.${lab.workloads[APP_ID].namespace}.svc.cluster.local`,
    alpn: ['istio-http/1.1', 'istio', 'http/1.1'],
    ca: keys.mesh.rootPem,
    timeoutMs: TIMEOUT_MS,
    request: {
      method: 'GET',
      path: '/get',
      headers: [
        ['Host', authorityOf(lab)],
        ['Authorization', `Bearer ${admin.accessToken}`],
      ],
    },
    ...(own === undefined ? {} : { cert: own.certificatePem, key: own.keyPem }),
  };
  return [job];
}

const peerShape = z.object({ origin: z.string(), headers: z.record(z.string(), z.array(z.string())) });

function peerIn(body: string): string | undefined {
  try {
    const { origin, headers } = peerShape.parse(JSON.parse(body));
    // With such a header the app would repeat what somebody wrote into it.
    const claimed = Object.keys(headers).some((name) =>
      /^(x-forwarded-for|x-real-ip|forwarded)$/i.test(name),
    );
    return claimed ? undefined : origin;
  } catch {
    return undefined;
  }
}

function adminJobs(): readonly Job[] {
  const to = { socketPath: EDGE_ADMIN_SOCKET };
  const request = { method: 'GET', path: '/config/admin/listen' };
  const host = ['Host', 'localhost'] as const;
  return [
    { kind: 'http', id: 'admin-own', to, timeoutMs: TIMEOUT_MS, request: { ...request, headers: [host] } },
    {
      kind: 'http',
      id: 'admin-cross-origin',
      to,
      timeoutMs: TIMEOUT_MS,
      request: { ...request, headers: [host, ['Origin', 'https://page.example.test']] },
    },
  ];
}
