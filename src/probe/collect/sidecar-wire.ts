import type { SidecarWire } from '../../checks/evidence.ts';
import type { HttpRequest, Job, TlsJob } from '../../guest/probe/job.ts';
import { resultOf } from '../../guest/probe/job.ts';
import { spiffeId } from '../../topology/identity.ts';
import { SIDECAR_CLIENTS } from '../certificate-cases.ts';
import { execPodProbe, podOf } from '../exec-probe.ts';
import { type ClientCertificate, forgeSidecarClient, forgeWorkload } from '../forge-certificate.ts';
import { wireOf } from './wire.ts';
import type { Witness } from './witness.ts';

const TIMEOUT_MS = 6_000;
/** Under TLS 1.3 an alert may be late on a busy machine; a request written before it would turn it into a reset. */
const LISTEN_FIRST_MS = 1_500;
/** Port of the app's container; iptables in the pod hand it to the sidecar. */
const APP_PORT = 8080;

/** Knocks at pods from the namespace without sidecars, past every gateway, with others' certificates. */
export async function collectSidecarWire(witness: Witness): Promise<SidecarWire> {
  const { context, signal } = witness;
  const { cluster, lab } = context;
  const intruder = await podOf(cluster, lab, 'intruder', signal);
  const results = await execPodProbe(cluster, intruder, await jobsFor(witness), signal);
  const wire = (id: string) => wireOf(results, id);
  return {
    // Of the very connection that is to be refused: a pod out of reach refuses nothing.
    reachable: resultOf(results, 'http', 'plaintext')?.connected === true,
    plaintext: wire('plaintext'),
    plaintextToLedger: wire('plaintextToLedger'),
    control: wire('control'),
    otherWorkload: wire('otherWorkload'),
    unlisted: wire('unlisted'),
    forged: SIDECAR_CLIENTS.map((each) => ({ case: each, wire: wire(`forged-${each.id}`) })),
  };
}

async function jobsFor(witness: Witness): Promise<readonly Job[]> {
  const { context, tokens, signal } = witness;
  const { lab, authority, cluster } = context;
  const forge = { lab, keys: witness.keys, authority, at: new Date() };
  const [app, ledger, caller, { alice }] = await Promise.all([
    podOf(cluster, lab, 'httpbin', signal),
    podOf(cluster, lab, 'ledger', signal),
    podOf(cluster, lab, 'caller', signal),
    tokens(),
  ]);
  const [control, other] = await Promise.all([
    forgeSidecarClient('control', forge),
    forgeWorkload(spiffeId(lab.workloads.caller), forge),
  ]);
  const request = (host: string, authorization?: string) => ({
    method: 'GET',
    path: '/headers',
    headers: [
      ['Host', host],
      ...(authorization === undefined ? [] : [['Authorization', authorization] as const]),
    ] as const,
  });
  const asAlice = request(new URL(lab.audience).host, `Bearer ${alice.accessToken}`);
  const toApp = (id: string, client: ClientCertificate): TlsJob => ({
    ...tlsJob(witness, id, app.address, client),
    request: asAlice,
  });
  const forged = await Promise.all(
    SIDECAR_CLIENTS.map(async ({ id }) => ({
      ...toApp(`forged-${id}`, await forgeSidecarClient(id, forge)),
      readFirstMs: LISTEN_FIRST_MS,
    })),
  );
  return [
    plainJob('plaintext', app.address, asAlice),
    plainJob('plaintextToLedger', ledger.address, request('ledger')),
    toApp('control', control),
    toApp('otherWorkload', other),
    { ...tlsJob(witness, 'unlisted', caller.address, control), request: request('caller') },
    ...forged,
  ];
}

function plainJob(id: string, host: string, request: HttpRequest): Job {
  return { kind: 'http', id, to: { host, port: APP_PORT }, request, timeoutMs: TIMEOUT_MS };
}

function tlsJob(
  { context: { lab }, keys }: Witness,
  id: string,
  host: string,
  client: ClientCertificate,
): TlsJob {
  return {
    kind: 'tls',
    id,
    host,
    port: APP_PORT,
    servername: `outbound_.8000_._.httpbin.${lab.workloads.httpbin.namespace}.svc.cluster.local`,
    // Istio's own protocols first: the sidecar then takes its mTLS chain in every mode.
    alpn: ['istio-http/1.1', 'istio', 'http/1.1'],
    ca: keys.mesh.rootPem,
    timeoutMs: TIMEOUT_MS,
    ...(client === undefined ? {} : { cert: client.certificatePem, key: client.keyPem }),
  };
}
