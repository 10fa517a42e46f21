import type { GatewayWire } from '../../checks/evidence.ts';
import { FORGED } from '../../checks/walks.ts';
import type { Job, TlsJob } from '../../guest/probe/job.ts';
import { GATEWAY_CLIENTS } from '../certificate-cases.ts';
import { execProbe, podOf } from '../exec-probe.ts';
import { type ClientCertificate, forgeGatewayClient } from '../forge-certificate.ts';
import { rise, tlsCounters } from './proxy-admin.ts';
import { wireOf } from './wire.ts';
import type { Witness } from './witness.ts';

const TIMEOUT_MS = 6_000;
/** Under TLS 1.3 an alert may be late on a busy machine; a request written before it would turn it into a reset. */
const LISTEN_FIRST_MS = 1_500;

/** Knocks at the gateway from the network that the edge is on, with the edge's SNI and others' certificates. */
export async function collectGatewayWire(witness: Witness): Promise<GatewayWire> {
  const { context, engine, signal } = witness;
  const { cluster, lab } = context;
  const pod = await podOf(cluster, lab, 'gateway', signal);
  const [before, jobs] = await Promise.all([tlsCounters(cluster, pod, signal), jobsFor(witness)]);
  const results = await execProbe(engine, lab.containers.probe, jobs, signal);
  const after = await tlsCounters(cluster, pod, signal);
  return {
    control: wireOf(results, 'control'),
    tls12: wireOf(results, 'tls12'),
    unknownHost: wireOf(results, 'unknownHost'),
    plaintext: wireOf(results, 'plaintext'),
    forged: GATEWAY_CLIENTS.map((each) => ({ case: each, wire: wireOf(results, `forged-${each.id}`) })),
    counters: rise(before, after),
  };
}

async function jobsFor({ context: { lab, authority }, keys }: Witness): Promise<readonly Job[]> {
  const forge = { lab, keys, authority, at: new Date() };
  const { node: host } = lab.cluster;
  const request = (name: string) => ({ method: 'GET', path: '/', headers: [['Host', name]] as const });
  const control = await forgeGatewayClient('control', forge);
  const forged = await Promise.all(
    GATEWAY_CLIENTS.map(async ({ id }) => ({
      ...tls(`forged-${id}`, await forgeGatewayClient(id, forge)),
      readFirstMs: LISTEN_FIRST_MS,
    })),
  );
  return [
    { ...tls('control', control), request: request(lab.hosts.httpbin) },
    { ...tls('tls12', control), maxVersion: 'TLSv1.2' },
    { ...tls('unknownHost', control), request: request(FORGED.host) },
    {
      kind: 'http',
      id: 'plaintext',
      to: { host, port: lab.gatewayNodePort },
      request: request(lab.hosts.httpbin),
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
      servername: lab.hosts.httpbin,
      ca: keys.mesh.rootPem,
      alpn: ['http/1.1'],
      timeoutMs: TIMEOUT_MS,
      request: request(lab.hosts.httpbin),
      ...(client === undefined ? {} : { cert: client.certificatePem, key: client.keyPem }),
    };
  }
}
