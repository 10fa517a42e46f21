import { ADMIN, APP_ID } from '../../sample/names.ts';
import { isIP } from 'node:net';
import type { EdgeDial, EdgeRunning, EdgeState } from '../../evidence/edge-state.ts';
import type { EdgeConfig } from '../../edge/running-config.ts';
import { type Job, type JobResult, resultOf } from '../../agent/program/job.ts';
import { publicHosts } from '../../topology/lab.ts';
import { edgeListens } from './edge-listeners.ts';
import { edgeRewrites } from './edge-rewrites.ts';
import { edgeRunningOf } from './edge-running.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';

const TIMEOUT_MS = 4_000;
/** Where clients try first when they are given no scheme. */
const HTTP_PORT = 80;

/** What Caddy listens on, keeps and dials. */
export async function collectEdgeState(
  probeContext: Needs<'context' | 'engine' | 'probes' | 'tokens' | 'signal'>,
  edgeConfig: () => Promise<EdgeConfig>,
): Promise<EdgeState> {
  const { lab } = probeContext.context;
  const config = await edgeConfig();
  const listens = edgeListens(config.running);
  const ports = [
    ...new Set([HTTP_PORT, ...listens.filter(({ tls }) => !tls).map(({ listen }) => portOf(listen))]),
  ];
  const dials = meshDials(edgeRunningOf(config, lab), lab.hosts.auth);
  const [results, addresses, stored, node] = await Promise.all([
    probeContext.probes.lab(await jobsFor(probeContext, ports, dials), probeContext.signal),
    Promise.all(dials.map((dial) => lookUpInEdge(probeContext, hostOf(dial)))),
    Promise.all(publicHosts(lab).map((host) => storedLeaf(probeContext, host))),
    probeContext.engine.containers.inspect(lab.cluster.node, probeContext.signal),
  ]);
  return {
    listens,
    plain: ports.map((port) => ({ port, wire: wireOf(results, `plain-${port}`) })),
    stored: Object.fromEntries(publicHosts(lab).map((host, index) => [host, stored[index]])),
    dials: dials.map((dial, index) => dialOf(results, dial, addresses[index] ?? [])),
    rewrites: edgeRewrites(config.running, lab.hosts[APP_ID]),
    nodeAddresses: (node?.networks ?? []).flatMap(({ address }) => (address === '' ? [] : [address])),
  };
}

function meshDials({ upstreams }: EdgeRunning, auth: string): readonly string[] {
  return [...new Set(upstreams.filter(({ host }) => host !== auth).flatMap(({ dial }) => dial))];
}

async function jobsFor(
  { context: { lab }, tokens }: Needs<'context' | 'tokens'>,
  ports: readonly number[],
  dials: readonly string[],
): Promise<readonly Job[]> {
  // A token that would open the app: a redirect needs none, and nobody may proxy it.
  const { [ADMIN]: admin } = await tokens();
  const headers = [
    ['Host', lab.hosts[APP_ID]],
    ['Authorization', `Bearer ${admin.accessToken}`],
  ] as const;
  return [
    ...ports.map((port): Job => ({
      kind: 'http',
      id: `plain-${port}`,
      to: { host: lab.containers.edge, port },
      request: { method: 'GET', path: '/headers', headers },
      timeoutMs: TIMEOUT_MS,
    })),
    ...dials.map((dial): Job => ({
      kind: 'tcp',
      id: dial,
      host: hostOf(dial),
      port: portOf(dial),
      timeoutMs: 1_500,
    })),
  ];
}

function dialOf(results: readonly JobResult[], dial: string, addresses: readonly string[]): EdgeDial {
  const result = resultOf(results, 'tcp', dial);
  const error = result?.connected === true ? undefined : (result?.error?.message ?? result?.ended);
  return {
    dial,
    addresses,
    connected: result?.connected === true,
    ...(error === undefined ? {} : { error }),
  };
}

/** By the C library of the edge itself, hosts file included: as Caddy’s own resolver reads it. */
async function lookUpInEdge(
  { context, engine, signal }: Needs<'context' | 'engine' | 'signal'>,
  name: string,
): Promise<readonly string[]> {
  const argv = ['getent', 'ahosts', name];
  const { stdout } = await engine.containers.exec(
    context.lab.containers.edge,
    { argv, timeoutMs: TIMEOUT_MS },
    signal,
  );
  return addressesIn(stdout.toString('utf8'));
}

/** Pure: the addresses that `getent ahosts` prints, each once; what else is printed is none. */
export function addressesIn(text: string): readonly string[] {
  const first = text.split('\n').flatMap((line) => line.split(/\s+/)[0] ?? []);
  return [...new Set(first.filter((address) => isIP(address) !== 0))];
}

async function storedLeaf(
  { context: { lab }, engine, signal }: Needs<'context' | 'engine' | 'signal'>,
  host: string,
): Promise<string | undefined> {
  const path = `/data/caddy/certificates/edge/${host}/${host}.crt`;
  return (await engine.containers.readFile(lab.containers.edge, path, signal))?.toString('utf8');
}

function hostOf(dial: string): string {
  return dial.slice(0, dial.lastIndexOf(':'));
}

/** `:443`, `tcp/0.0.0.0:80`, `node:30443`. */
function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
