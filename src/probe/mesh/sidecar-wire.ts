import { ADMIN, APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import type { SidecarWire } from '../../evidence/wires.ts';
import { type HttpRequest, type Job, type TlsJob, resultOf } from '../../agent/program/job.ts';
import { spiffeId } from '../../topology/identity.ts';
import type { CertificateForge } from '../certificates/forge.ts';
import { findingsOf } from '../certificates/own-judge.ts';
import {
  type ClientCertificate,
  howShown,
  LISTEN_FIRST_MS,
  sidecarClient,
  workloadClient,
} from '../certificates/shown.ts';
import { SIDECAR_CLIENTS } from '../../cases/certificates/verifiers.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { forgerOf } from '../certificates/forger.ts';
import { refusedConnections, type ShownCase } from './refused-connections.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';
import { authorityOf } from '../../topology/lab.ts';
import { recordOf } from '../../record-of.ts';

const TIMEOUT_MS = 9_000;
/** Port of the app's container; iptables in the pod hand it to the sidecar. */
const APP_PORT = 8080;

/** Knocks at pods from the namespace without sidecars, past every gateway, with others' certificates. */
export async function collectSidecarWire(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'tokens' | 'componentLogs' | 'signal'>,
): Promise<SidecarWire> {
  const { context, signal } = probeContext;
  const { cluster, lab } = context;
  const [nonMeshClient, app] = await Promise.all([
    podOf(cluster, lab, 'intruder', signal),
    podOf(cluster, lab, APP_ID, signal),
  ]);
  const from = probeContext.componentLogs.of('sidecar').length;
  const forged = await forgeAll(probeContext);
  const results = await probeContext.probes.pod(
    nonMeshClient,
    await jobsFor(probeContext, app.address, forged),
    signal,
  );
  const records = await refusedConnections(probeContext, 'sidecar', forged.cases, from);
  const wire = (id: string) => wireOf(results, id);
  return {
    // Of the very connection that is to be refused: a pod out of reach refuses nothing.
    reachable: resultOf(results, 'http', 'plaintext')?.connected === true,
    ...recordOf(['plaintext', 'plaintextToInternal', 'control', 'otherWorkload', 'unlisted'], wire),
    uncertified: recordOf([INTERNAL_ID, 'caller'], (workload) => wire(`uncertified-${workload}`)),
    tls12: recordOf([APP_ID, INTERNAL_ID, 'caller'], (workload) => wire(`tls12-${workload}`)),
    forged: forged.cases.map(({ case: each, client }) => ({
      case: each,
      found: findingsOf('gateway-client', client?.certificatePem ?? '', forged.forger),
      wire: wire(`forged-${each.id}`),
      record: records.get(each.id),
    })),
  };
}

interface Forged {
  readonly forger: CertificateForge;
  readonly control: ClientCertificate;
  readonly other: ClientCertificate;
  readonly cases: readonly ShownCase[];
}

async function forgeAll(probeContext: Needs<'context' | 'keys'>): Promise<Forged> {
  const forger = await forgerOf(probeContext);
  const [control, other, cases] = await Promise.all([
    sidecarClient('control', forger),
    workloadClient(spiffeId(forger.lab.workloads.caller), forger),
    Promise.all(
      SIDECAR_CLIENTS.map(async (each) => ({ case: each, client: await sidecarClient(each, forger) })),
    ),
  ]);
  return { forger, control, other, cases };
}

async function jobsFor(
  probeContext: Needs<'context' | 'keys' | 'tokens' | 'signal'>,
  app: string,
  { control, other, cases }: Forged,
): Promise<readonly Job[]> {
  const { context, tokens, signal } = probeContext;
  const { lab, cluster } = context;
  const [internal, caller, { [ADMIN]: admin }] = await Promise.all([
    podOf(cluster, lab, INTERNAL_ID, signal),
    podOf(cluster, lab, 'caller', signal),
    tokens(),
  ]);
  const request = (host: string, authorization?: string) => ({
    method: 'GET',
    path: '/headers',
    headers: [
      ['Host', host],
      ...(authorization === undefined ? [] : [['Authorization', authorization] as const]),
    ] as const,
  });
  const [toInternal, toCaller] = [request(INTERNAL_ID), request('caller')];
  const asAdmin = request(authorityOf(lab), `Bearer ${admin.accessToken}`);
  const toApp = (id: string, client: ClientCertificate): TlsJob => ({
    ...tlsJob(probeContext, id, app, client),
    request: asAdmin,
  });
  const forged = cases.map(({ case: { id, tolerable }, client }) => ({
    ...toApp(`forged-${id}`, client),
    ...howShown(tolerable),
  }));
  const uncertified = (workload: string, address: string, asked: HttpRequest): TlsJob => ({
    ...tlsJob(probeContext, `uncertified-${workload}`, address, undefined),
    readFirstMs: LISTEN_FIRST_MS,
    request: asked,
  });
  // With a request: a server that takes the handshake is silent until it is asked for something.
  const tls12 = (workload: string, address: string, asked: HttpRequest): TlsJob => ({
    ...tlsJob(probeContext, `tls12-${workload}`, address, control),
    maxVersion: 'TLSv1.2',
    request: asked,
  });
  return [
    plainJob('plaintext', app, asAdmin),
    plainJob('plaintextToInternal', internal.address, toInternal),
    uncertified(INTERNAL_ID, internal.address, toInternal),
    uncertified('caller', caller.address, toCaller),
    toApp('control', control),
    toApp('otherWorkload', other),
    tls12(APP_ID, app, asAdmin),
    tls12(INTERNAL_ID, internal.address, toInternal),
    tls12('caller', caller.address, toCaller),
    { ...tlsJob(probeContext, 'unlisted', caller.address, control), request: toCaller },
    ...forged,
  ];
}

function plainJob(id: string, host: string, request: HttpRequest): Job {
  return { kind: 'http', id, to: { host, port: APP_PORT }, request, timeoutMs: TIMEOUT_MS };
}

function tlsJob(
  { context: { lab }, keys }: Needs<'context' | 'keys'>,
  id: string,
  host: string,
  client: ClientCertificate,
): TlsJob {
  return {
    kind: 'tls',
    id,
    host,
    port: APP_PORT,
    servername: `outbound_.8000_._.${APP_ID}.${lab.workloads[APP_ID].namespace}.svc.cluster.local`,
    // Istio's own protocols first: the sidecar then takes its mTLS chain in every mode.
    alpn: ['istio-http/1.1', 'istio', 'http/1.1'],
    ca: keys.mesh.rootPem,
    timeoutMs: TIMEOUT_MS,
    ...(client === undefined ? {} : { cert: client.certificatePem, key: client.keyPem }),
  };
}
