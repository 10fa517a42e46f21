import type { HttpRequest } from '../../agent/program/job.ts';
import type { ShotRequest } from '../../evidence/corpora.ts';
import { authorityOf } from '../../topology/lab.ts';
import type { ExposedService, Service } from '../../topology/service.ts';
import { rawRequest, sendShots } from '../requests/send-shots.ts';
import type { Needs } from '../probe-context.ts';

/** A request for a service, whoever sends it and by which way. */
export interface ServiceRequest {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** Of a person; none is sent without. */
  readonly token?: string;
}

export type Sending = Needs<
  'context' | 'keys' | 'probes' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'
>;

/** Methods that no honest service takes for an order to change something (RFC 9110 §9.2.1). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

export function isSafe(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/** Through the edge, with what every component wrote about each; by id. */
export function sendToService(
  probeContext: Sending,
  service: ExposedService,
  requests: readonly ServiceRequest[],
): Promise<ReadonlyMap<string, ShotRequest>> {
  const host = authorityOf(service);
  return sendShots(
    probeContext,
    requests.map((each) => ({
      id: each.id,
      via: 'edge',
      sni: service.host,
      service: service.id,
      ...(service.protocol === 'grpc' ? { protocol: 'h2' } : {}),
      // What may change something is not sent a second time.
      alone: !isSafe(each.method) && service.protocol !== 'grpc',
      request: (agent) => requestFor(service, { ...each, host, agent }),
    })),
  );
}

export interface Addressed extends Omit<ServiceRequest, 'id'> {
  readonly host: string;
  readonly agent: string;
}

/** Pure: HTTP/1.1, or for gRPC a call with one message that is empty. */
export function requestFor(
  { protocol }: Pick<Service, 'protocol'>,
  { method, path, token, host, agent }: Addressed,
): HttpRequest {
  const authorization = token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const];
  if (protocol === 'grpc')
    return {
      method,
      path,
      headers: [
        ['Host', host],
        ['User-Agent', agent],
        ...authorization,
        ['Content-Type', 'application/grpc'],
        ['TE', 'trailers'],
      ],
      body: '\0\0\0\0\0',
    };
  const lines = authorization.map(([name, value]) => `${name}: ${value}`);
  const withBody = isSafe(method) ? [] : ['Content-Length: 0'];
  return rawRequest({ agent, host, line: `${method} ${path}`, lines: [...lines, ...withBody] });
}
