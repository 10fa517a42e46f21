import type { ShotRequest } from '../../evidence/corpora.ts';
import type { TracedRequestSpec } from '../../cases/traced-requests.ts';
import { rawRequest, sendShots } from './send-shots.ts';
import type { Needs } from '../probe-context.ts';
import { authorityOf } from '../../topology/lab.ts';

/** A request to be sent through the chain, its token chosen. */
export interface OutgoingRequest extends Pick<TracedRequestSpec, 'method' | 'path' | 'headers' | 'body'> {
  readonly id: string;
  readonly token: string | undefined;
}

/** Through the edge, with what every component wrote about each. Much waits for these: they take no turn. */
export async function sendTraced(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'asked' | 'leftMs' | 'signal'>,
  outgoing: readonly OutgoingRequest[],
): Promise<ReadonlyMap<string, ShotRequest>> {
  const host = authorityOf(probeContext.context.lab);
  return sendShots(
    { ...probeContext, inTurn: (send) => send() },
    outgoing.map(({ id, method, path, body, ...traced }) => ({
      id,
      via: 'edge',
      connections: 8,
      request: (agent) =>
        rawRequest({ agent, host, line: `${method} ${path}`, lines: linesOf(traced, body), body }),
    })),
  );
}

function linesOf(
  { token, headers = [] }: Pick<OutgoingRequest, 'token' | 'headers'>,
  body: string | undefined,
): readonly string[] {
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return [
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`]),
    ...(body === undefined || hasType ? [] : ['Content-Type: text/plain']),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
}
