import type { ServicePod, ServicePods } from '../../evidence/services/service-pods.ts';
import type { PodAnswer, PodWire } from '../../evidence/services/service-wire.ts';
import { SERVICE_CLIENTS } from '../../cases/certificates/service-clients.ts';
import { podOf } from '../../agent/exec-probe.ts';
import type { HttpRequest, Job, TlsJob } from '../../agent/program/job.ts';
import { lookUntil } from '../../run/wait-until.ts';
import { spiffeId } from '../../topology/identity.ts';
import { authorityOf, identityOf, type Lab } from '../../topology/lab.ts';
import { clusterHost, type Service } from '../../topology/service.ts';
import type { CertificateForge } from '../certificates/forge.ts';
import { forgerOf } from '../certificates/forger.ts';
import { findingsOf } from '../certificates/own-judge.ts';
import { howShown, sidecarClient, workloadClient } from '../certificates/shown.ts';
import { byCase, isAllRefused, type ShownCase } from '../mesh/refused-connections.ts';
import { parseConnectionLog } from '../../records/connection-record.ts';
import { PATIENCE_MS } from '../requests/records.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';
import { askPods, dialling, type PodClient, type PodSeries } from './ask-pods.ts';
import { personalControl } from './service-control.ts';
import { routedPort } from './service-pods.ts';
import type { TokensFor } from './service-tokens.ts';

type Ways = Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'componentLogs' | 'signal'>;

const TIMEOUT_MS = 9_000;
const INTERVAL_MS = 100;

/** Certificates that every service of the user's is shown; made once a run. */
export interface ForgedClients {
  readonly forger: CertificateForge;
  readonly cases: readonly ShownCase[];
}

export async function forgeClients(probeContext: Needs<'context' | 'keys'>): Promise<ForgedClients> {
  const forger = await forgerOf(probeContext);
  const cases = await Promise.all(
    SERVICE_CLIENTS.map(async (each) => ({ case: each, client: await sidecarClient(each, forger) })),
  );
  return { forger, cases };
}

/** An identity of the mesh that no rule of any service names. */
const UNLISTED = 'meshdev-unlisted';

export interface WireOptions {
  readonly seen: ServicePods;
  readonly tokensFor: TokensFor;
  readonly clients: ForgedClients;
}

/** Knocks at every pod of a service from the namespace without sidecars, with good and bad certificates and none. */
export async function collectServiceWire(
  probeContext: Ways,
  service: Service,
  { seen, tokensFor, clients }: WireOptions,
): Promise<readonly PodWire[]> {
  const pods = seen.pods.filter(({ address }) => address !== '');
  if (pods.length === 0) return [];
  const port = routedPort(service, seen);
  const { context, componentLogs, probes, signal } = probeContext;
  const from = componentLogs.ofSidecars(service.id).length;
  const [asked, honest] = await Promise.all([
    podOf(context.cluster, context.lab, 'intruder', signal),
    honestClient(context.lab, service, clients.forger),
  ]);
  const jobs = pods.flatMap((pod) => jobsFor(probeContext, service, { pod, port, honest, clients }));
  const [results, answers] = await Promise.all([
    probes.pod(asked, jobs, signal),
    askHonestly(probeContext, service, { pods, port, honest, tokensFor, forger: clients.forger }),
  ]);
  const records = await refusals(probeContext, service, { pods, clients, from });
  const answered = (id: string, pod: string): PodAnswer | undefined =>
    answers.get(id)?.find((each) => each.pod === pod);
  return pods.flatMap((pod): readonly PodWire[] => {
    const [good, unlisted] = [answered('honest', pod.name), answered('unlisted', pod.name)];
    if (good === undefined || unlisted === undefined) return [];
    const wire = (id: string) => wireOf(results, `${pod.name}/${id}`);
    return [
      {
        pod: pod.name,
        plaintext: { ...wire('plaintext'), body: '' },
        honest: good,
        unlisted,
        stolenToken: answered('stolen-token', pod.name),
        tls12: { ...wire('tls12'), body: '' },
        forged: clients.cases.map(({ case: each, client }) => ({
          case: each,
          found: findingsOf('gateway-client', client?.certificatePem ?? '', clients.forger),
          wire: { ...wire(`forged-${each.id}`), body: '' },
          record: records.get(pod.name)?.get(each.id),
        })),
        ports: openPorts(pod).map((each) => ({
          port: each,
          wire: { ...wire(`port-${each}`), body: '' },
        })),
      },
    ];
  });
}

/** Who may come: the gateway where people do, else the first caller that some rule names, else anybody of the mesh. */
export function honestIdentity(lab: Lab, service: Service): string {
  const [caller = 'caller'] = service.callers;
  const identity = service.host === undefined ? identityOf(lab, caller) : lab.workloads.gateway;
  return spiffeId(identity ?? lab.workloads.caller);
}

async function honestClient(lab: Lab, service: Service, forger: CertificateForge): Promise<PodClient> {
  const as = honestIdentity(lab, service);
  return { as, pair: await workloadClient(as, forger) };
}

function openPorts({ sockets }: ServicePod): readonly number[] {
  return 'open' in sockets ? sockets.open : [];
}

interface At {
  readonly pod: ServicePod;
  readonly port: number;
  readonly honest: PodClient;
  readonly clients: ForgedClients;
}

function jobsFor(probeContext: Ways, service: Service, { pod, port, honest, clients }: At): readonly Job[] {
  const { name, address } = pod;
  const request: HttpRequest = {
    method: 'GET',
    path: '/',
    headers: [['Host', clusterHost(service)]],
    keepBytes: 0,
  };
  const way = dialling(probeContext, service, address, port);
  // With HTTP/1.1 in any case: what is refused is the handshake.
  const tls = { ...way, alpn: ['istio-http/1.1', 'istio', 'http/1.1'], timeoutMs: TIMEOUT_MS, request };
  const plain = (id: string, to: number): Job => ({
    kind: 'http',
    id: `${name}/${id}`,
    to: { host: address, port: to },
    request,
    timeoutMs: TIMEOUT_MS,
  });
  const forged = clients.cases.map(({ case: { id, tolerable }, client }): TlsJob => ({
    kind: 'tls',
    id: `${name}/forged-${id}`,
    ...tls,
    ...howShown(tolerable),
    ...(client === undefined ? {} : { cert: client.certificatePem, key: client.keyPem }),
  }));
  const { certificatePem: cert, keyPem: key } = honest.pair;
  return [
    plain('plaintext', port),
    ...openPorts(pod).map((each) => plain(`port-${each}`, each)),
    { kind: 'tls', id: `${name}/tls12`, ...tls, cert, key, maxVersion: 'TLSv1.2' },
    ...forged,
  ];
}

interface Honestly extends Pick<At, 'port' | 'honest'> {
  readonly pods: readonly ServicePod[];
  readonly tokensFor: TokensFor;
  readonly forger: CertificateForge;
}

/** The certificate is in question, or the policies: what is asked for changes nothing at any app. */
async function askHonestly(
  probeContext: Ways,
  service: Service,
  { pods, port, honest, tokensFor, forger }: Honestly,
): Promise<ReadonlyMap<string, readonly PodAnswer[]>> {
  const { lab } = probeContext.context;
  const { trustDomain } = lab.workloads.caller;
  const as = spiffeId({ trustDomain, namespace: service.identity.namespace, serviceAccount: UNLISTED });
  const unlisted: PodClient = { as, pair: await workloadClient(as, forger) };
  const control = personalControl(service);
  const { method, path } = service.control ?? {
    method: service.protocol === 'grpc' ? 'POST' : 'GET',
    path: '/',
  };
  const token =
    control === undefined
      ? undefined
      : await tokensFor(control.person, control.service.audience).then(
          ({ accessToken }) => accessToken,
          () => undefined,
        );
  const inside = `${clusterHost(service)}:${service.port.service}`;
  const outside = control === undefined ? inside : authorityOf(control.service);
  const series = pods.flatMap((pod): readonly PodSeries[] => [
    {
      pod,
      client: honest,
      host: token === undefined ? inside : outside,
      requests: [{ id: 'honest', method, path, ...(token === undefined ? {} : { token }) }],
    },
    { pod, client: unlisted, host: inside, requests: [{ id: 'unlisted', method, path }] },
    ...(token === undefined
      ? []
      : [
          {
            pod,
            client: unlisted,
            host: outside,
            requests: [{ id: 'stolen-token', method, path, token }],
          },
        ]),
  ]);
  return askPods(probeContext, service, series, port);
}

/** What each pod's sidecar wrote about the certificates that it refused: by pod, then by id of the case. */
async function refusals(
  { componentLogs, signal }: Ways,
  { id }: Service,
  {
    pods,
    clients: { cases },
    from,
  }: { readonly pods: readonly ServicePod[]; readonly clients: ForgedClients; readonly from: number },
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const read = (): ReadonlyMap<string, ReadonlyMap<string, string>> => {
    const lines = componentLogs.ofSidecars(id).slice(from);
    return new Map(
      pods.map(({ name }) => {
        const own = lines.filter(({ pod }) => pod === name).map(({ line }) => line);
        return [name, byCase(cases, parseConnectionLog(own.join('\n')))];
      }),
    );
  };
  const withSidecar = pods.filter(({ containers }) => containers.some(({ name }) => name === 'istio-proxy'));
  return lookUntil(
    async () => read(),
    (found) => withSidecar.every(({ name }) => isAllRefused(cases, found.get(name) ?? new Map())),
    { timeoutMs: PATIENCE_MS, intervalMs: INTERVAL_MS, signal },
  );
}
