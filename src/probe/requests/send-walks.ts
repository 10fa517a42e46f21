import type { ShotWalk } from '../../evidence/corpora.ts';
import type { WalkSpec } from '../../cases/walks.ts';
import { rawRequest, sendShots } from './send-shots.ts';
import type { Needs } from '../witness.ts';
import { authorityOf } from '../../topology/lab.ts';

/** A request to be sent through the chain, its token chosen. */
export interface OutgoingWalk extends Pick<WalkSpec, 'method' | 'path' | 'headers' | 'body'> {
  readonly id: string;
  readonly token: string | undefined;
}

/** Through the edge, with what every party wrote about each. Much waits for these: they take no turn. */
export async function sendWalks(
  witness: Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'asked' | 'leftMs' | 'signal'>,
  outgoing: readonly OutgoingWalk[],
): Promise<ReadonlyMap<string, ShotWalk>> {
  const host = authorityOf(witness.context.lab);
  return sendShots(
    { ...witness, inTurn: (send) => send() },
    outgoing.map(({ id, method, path, body, ...walk }) => ({
      id,
      via: 'edge',
      lanes: 8,
      request: (agent) =>
        rawRequest({ agent, host, line: `${method} ${path}`, lines: linesOf(walk, body), body }),
    })),
  );
}

function linesOf(
  { token, headers = [] }: Pick<OutgoingWalk, 'token' | 'headers'>,
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
