import type { ServicePod } from '../../evidence/services/service-pods.ts';
import type { PodAnswer } from '../../evidence/services/service-wire.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { type Job, type JobResult, resultOf } from '../../agent/program/job.ts';
import type { SigningPair } from '../../ports/certificate-authority.ts';
import { clusterHost, type Service } from '../../topology/service.ts';
import { sidecarKey } from '../requests/look-up.ts';
import { newAgent } from '../requests/to-traced-request.ts';
import { seriesWire, wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';
import { requestFor, type ServiceRequest } from './service-requests.ts';

/** Who asks: an identity of the mesh, honest or not. */
export interface PodClient {
  /** SPIFFE ID. */
  readonly as: string;
  readonly pair: SigningPair;
}

/** Requests with one identity to one pod, over one connection. */
export interface PodSeries {
  readonly pod: Pick<ServicePod, 'name' | 'address'>;
  readonly client: PodClient;
  /** None: a connection alone, for `tcp`. */
  readonly requests: readonly ServiceRequest[];
  /** Name of the service inside the mesh, or its public one for requests with a token. */
  readonly host: string;
}

export type Asking = Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'signal'>;

const TIMEOUT_MS = 15_000;
const ANSWER_MS = 8_000;
/** A connection of `tcp` that is allowed stays silent; that it was closed is seen at once. */
const CONNECTION_MS = 600;

/** How a client of the mesh dials a pod of a service, past every gateway. */
export function dialling(
  { keys }: Needs<'keys'>,
  service: Service,
  address: string,
  port: number,
): { host: string; port: number; servername: string; alpn: readonly string[]; ca: string } {
  return {
    host: address,
    port,
    servername: `outbound_.${service.port.service}_._.${clusterHost(service)}`,
    // Istio's own protocols first: the sidecar then takes its mTLS chain in every mode.
    alpn: service.protocol === 'grpc' ? ['h2'] : ['istio-http/1.1', 'istio', 'http/1.1'],
    ca: keys.mesh.rootPem,
  };
}

/** Asks from the non-mesh client's pod; the answers by the id of their request, each id once for every pod. */
export async function askPods(
  probeContext: Asking,
  service: Service,
  series: readonly PodSeries[],
  port: number,
): Promise<ReadonlyMap<string, readonly PodAnswer[]>> {
  const { context, probes, lookUp, signal } = probeContext;
  const planned = series.map((each, at) => plan(probeContext, service, each, { id: `pods-${at}`, port }));
  const client = await podOf(context.cluster, context.lab, 'intruder', signal);
  const results = await probes.pod(
    client,
    planned.map(({ job }) => job),
    signal,
  );
  const answered = planned.flatMap(({ job, sent, of }) =>
    sent.map((one, at) => ({ ...one, of, wire: wireAt(results, job.id, at) })),
  );
  const { records } =
    service.protocol === 'tcp'
      ? { records: undefined }
      : await lookUp(answered.map(({ agent, wire }) => ({ agent, wire, via: 'pod', service: service.id })));
  const byId = Map.groupBy(answered, ({ id }) => id);
  return new Map(
    [...byId].map(([id, all]) => [
      id,
      all.map(({ agent, of, wire }): PodAnswer => {
        const found = records?.sidecars.get(sidecarKey(service.id, agent));
        const record = found?.pod === of.pod.name ? found.record : undefined;
        return { pod: of.pod.name, as: of.client.as, wire: { ...wire, body: '' }, record };
      }),
    ]),
  );
}

interface Planned {
  readonly job: Job;
  readonly of: PodSeries;
  readonly sent: readonly { readonly id: string; readonly agent: string }[];
}

function plan(
  probeContext: Asking,
  service: Service,
  of: PodSeries,
  { id, port }: { readonly id: string; readonly port: number },
): Planned {
  const { pair } = of.client;
  const way = {
    id,
    ...dialling(probeContext, service, of.pod.address, port),
    cert: pair.certificatePem,
    key: pair.keyPem,
  };
  const sent = of.requests.map((request) => ({ id: request.id, agent: newAgent(), request }));
  if (service.protocol === 'tcp')
    return { job: { ...way, kind: 'tls', timeoutMs: CONNECTION_MS, readFirstMs: CONNECTION_MS }, of, sent };
  const requests = sent.map(({ agent, request }) =>
    requestFor(service, { ...request, agent, host: of.host }),
  );
  return {
    job: { ...way, kind: 'series', timeoutMs: TIMEOUT_MS, answerMs: ANSWER_MS, requests },
    of,
    sent,
  };
}

function wireAt(results: readonly JobResult[], id: string, at: number): WireResult {
  const found = resultOf(results, 'series', id)?.answers[at];
  return found === undefined ? wireOf(results, id) : seriesWire(found);
}
