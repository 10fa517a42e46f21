import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Echo, Walk, WireResult } from '../../checks/evidence.ts';
import type { WalkSpec } from '../../checks/walks.ts';
import type { Job } from '../../guest/probe/job.ts';
import { runJobs } from '../../guest/probe/run-jobs.ts';
import { decodeToken, textClaim } from '../../trust/token.ts';
import { fetchRecords, type Records } from './records.ts';
import { wireOf } from './wire.ts';
import type { Witness } from './witness.ts';

/** A request to be sent through the chain, its token chosen. */
export interface OutgoingWalk extends Pick<WalkSpec, 'method' | 'path' | 'headers' | 'body'> {
  readonly id: string;
  readonly token: string | undefined;
}

/**
 * Sends all requests through the edge at once, then looks up what every party wrote about each, by
 * the id that the edge gave it.
 */
export async function sendWalks(
  witness: Witness,
  outgoing: readonly OutgoingWalk[],
): Promise<ReadonlyMap<string, Walk>> {
  const since = new Date();
  const sent = outgoing.map((walk) => ({ ...walk, agent: newAgent() }));
  const results = await runJobs(
    sent.map((walk) => jobOf(witness, walk)),
    witness.signal,
  );
  const records = await fetchRecords(
    witness,
    sent.map(({ id, agent }) => ({ agent, wire: wireOf(results, id) })),
    since,
  );
  return new Map(sent.map(({ id, agent }) => [id, toWalk(wireOf(results, id), agent, records)]));
}

/**
 * This request's own User-Agent: every party writes that header down, refused or not, so it finds
 * the records of a request that no id came back from.
 */
function newAgent(): string {
  return `meshdev-check/${randomBytes(8).toString('hex')}`;
}

function jobOf(
  { context: { lab }, keys }: Witness,
  { id, method, path, headers = [], body, token, agent }: OutgoingWalk & { readonly agent: string },
): Job {
  return {
    kind: 'tls',
    id,
    host: '127.0.0.1',
    port: lab.httpsPort,
    servername: lab.hosts.httpbin,
    ca: keys.edge.rootPem,
    alpn: ['http/1.1'],
    timeoutMs: 10_000,
    readFirstMs: 0,
    request: {
      method,
      path,
      headers: [
        ['Host', new URL(lab.audience).host],
        ['User-Agent', agent],
        ...(token === undefined ? [] : ([['Authorization', `Bearer ${token}`]] as const)),
        ...(body === undefined ? [] : ([['Content-Type', 'text/plain']] as const)),
        ...headers,
      ],
      ...(body === undefined ? {} : { body }),
    },
  };
}

function toWalk(wire: WireResult, agent: string, records: Records): Walk {
  const meshdevId = wire.headers['x-meshdev-id'];
  return {
    status: wire.status,
    ended: wire.ended,
    headers: wire.headers,
    body: wire.body,
    meshdevId,
    edge: records.edge.get(agent),
    gateway: records.gateway.get(agent),
    sidecar: records.sidecar.get(agent),
    app: records.app.get(agent),
    echo: wire.status === 200 ? parseEcho(wire.body) : undefined,
  };
}

const echo = z.object({
  headers: z.record(z.string(), z.array(z.string())),
  method: z.string().optional(),
  url: z.string().optional(),
  data: z.string().optional(),
});

/** The sample app's answer. Credentials in it are replaced by what they say at once. */
export function parseEcho(body: string): Echo | undefined {
  const parsed = echo.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { headers, method, url, data } = parsed.data;
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name.toLowerCase(), values]),
  );
  const { authorization, cookie: _, ...shown } = lower;
  const subject = subjectOf(authorization?.[0]);
  return {
    headers: shown,
    ...(method === undefined ? {} : { method }),
    ...(url === undefined ? {} : { url }),
    ...(data === undefined ? {} : { body: data }),
    ...(subject === undefined ? {} : { subject }),
  };
}

function subjectOf(authorization: string | undefined): string | undefined {
  const read = decodeToken(authorization?.replace(/^Bearer /, '') ?? '');
  return read.kind === 'jwt' ? textClaim(read.claims, 'sub') : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
