import { APP_ID } from '../../sample/names.ts';
import type { GatewayWire } from '../../evidence/wires.ts';
import { FORGED } from '../../cases/traced-requests.ts';
import type { Job, TlsJob } from '../../agent/program/job.ts';
import type { CertificateForge } from '../certificates/forge.ts';
import { findingsOf } from '../certificates/own-judge.ts';
import { type ClientCertificate, gatewayClient, howShown } from '../certificates/shown.ts';
import { GATEWAY_CLIENTS } from '../../cases/certificates/verifiers.ts';
import { everyPodOf } from '../../agent/exec-probe.ts';
import { forgerOf } from '../certificates/forger.ts';
import { rise, tlsCounters } from './tls-counters.ts';
import { refusedConnections, type ShownCase } from '../mesh/refused-connections.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';
import { recordOf } from '../../record-of.ts';

const TIMEOUT_MS = 9_000;

/** Knocks at the gateway from the network that the edge is on, with the edge's SNI and others' certificates. */
export async function collectGatewayWire(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'componentLogs' | 'signal'>,
): Promise<GatewayWire> {
  const { context, probes, signal } = probeContext;
  const { cluster, lab } = context;
  const pods = await everyPodOf(cluster, lab, 'gateway', signal);
  const from = probeContext.componentLogs.of('gateway').length;
  const [before, forged] = await Promise.all([tlsCounters(cluster, pods, signal), forgeAll(probeContext)]);
  const results = await probes.lab(jobsFor(probeContext, forged), signal);
  const [after, records] = await Promise.all([
    tlsCounters(cluster, pods, signal),
    refusedConnections(probeContext, 'gateway', forged.cases, from),
  ]);
  return {
    ...recordOf(['control', 'tls12', 'unknownHost', 'plaintext'], (id) => wireOf(results, id)),
    forged: forged.cases.map(({ case: each, client }) => ({
      case: each,
      found: findingsOf('edge-client', client?.certificatePem ?? '', forged.forger),
      wire: wireOf(results, `forged-${each.id}`),
      record: records.get(each.id),
    })),
    counters: rise(before, after),
  };
}

interface Forged {
  readonly forger: CertificateForge;
  readonly control: ClientCertificate;
  readonly cases: readonly ShownCase[];
}

async function forgeAll(probeContext: Needs<'context' | 'keys'>): Promise<Forged> {
  const forger = await forgerOf(probeContext);
  const [control, cases] = await Promise.all([
    gatewayClient('control', forger),
    Promise.all(
      GATEWAY_CLIENTS.map(async (each) => ({ case: each, client: await gatewayClient(each, forger) })),
    ),
  ]);
  return { forger, control, cases };
}

function jobsFor(
  { context: { lab }, keys }: Needs<'context' | 'keys'>,
  { control, cases }: Forged,
): readonly Job[] {
  const { node: host } = lab.cluster;
  const request = (name: string) => ({ method: 'GET', path: '/', headers: [['Host', name]] as const });
  const forged = cases.map(({ case: { id, tolerable }, client }) => ({
    ...tls(`forged-${id}`, client),
    ...howShown(tolerable),
  }));
  return [
    { ...tls('control', control), request: request(lab.hosts[APP_ID]) },
    { ...tls('tls12', control), maxVersion: 'TLSv1.2', request: request(lab.hosts[APP_ID]) },
    { ...tls('unknownHost', control), request: request(FORGED.host) },
    {
      kind: 'http',
      id: 'plaintext',
      to: { host, port: lab.gatewayNodePort },
      request: request(lab.hosts[APP_ID]),
      timeoutMs: TIMEOUT_MS,
    },
    ...forged,
  ];

  function tls(id: string, client: ClientCertificate): TlsJob {
    return {
      kind: 'tls',
      id,
      host,
      port: lab.gatewayNodePort,
      servername: lab.hosts[APP_ID],
      ca: keys.mesh.rootPem,
      alpn: ['http/1.1'],
      timeoutMs: TIMEOUT_MS,
      request: request(lab.hosts[APP_ID]),
      ...(client === undefined ? {} : { cert: client.certificatePem, key: client.keyPem }),
    };
  }
}
