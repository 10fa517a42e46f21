import { APP_ID } from '../../sample/names.ts';
import type { ShotRequest } from '../../evidence/corpora.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import {
  type HttpRequest,
  type Job,
  type JobResult,
  type RawRequest,
  type SeriesJob,
  resultOf,
} from '../../agent/program/job.ts';
import { runHere } from '../../agent/patient-jobs.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { type EdgeRecord, isAbandoned } from '../../records/edge-record.ts';
import { askAgain, type Outcome } from './ask-again.ts';
import type { Records } from './look-up.ts';
import { newAgent, toTracedRequest } from './to-traced-request.ts';
import { seriesWire } from './wire.ts';
import type { ServiceId } from '../../topology/service.ts';
import type { Needs } from '../probe-context.ts';

/** One request of a corpus, byte for byte (HTTP/1.1) or as header fields (HTTP/2). */
export interface Shot {
  readonly id: string;
  /** From this machine to the edge, or from the edge's network to the gateway with the edge's certificate. */
  readonly via: 'edge' | 'gateway';
  /** `null` sends none; the sample host when it is left out. */
  readonly sni?: string | null;
  readonly protocol?: 'http/1.1' | 'h2';
  /** The user's service that it is for; the sample when it is left out. */
  readonly service?: ServiceId;
  /** Over how many connections those of one kind are spread; 4 when it is left out. */
  readonly connections?: number;
  /** Not to be mixed with others on a connection: what it leaves behind there would be theirs. */
  readonly alone?: boolean;
  /** @param agent User-Agent of this request, and the beginning of those of requests hidden in it */
  readonly request: (agent: string) => HttpRequest;
}

export interface RawParts {
  readonly agent: string;
  readonly host: string;
  /** Method and target. */
  readonly line: string;
  /** Header lines, Latin-1. */
  readonly lines: readonly string[];
  readonly body?: string | undefined;
}

/** HTTP/1.1, byte for byte. */
export function rawRequest({ agent, host, line, lines, body = '' }: RawParts): RawRequest {
  const head = [`${line} HTTP/1.1`, `Host: ${host}`, `User-Agent: ${agent}`, ...lines, '', ''];
  return { raw: Buffer.from(head.join('\r\n') + body, 'latin1').toString('base64') };
}

/** Sends the cases of a corpus; each comes back with its traced request. */
export async function sendCases<Case extends { readonly id: string }>(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'>,
  cases: readonly Case[],
  shotOf: (each: Case) => Omit<Shot, 'id'>,
): Promise<readonly (ShotRequest & { readonly case: Case })[]> {
  const sent = await sendShots(
    probeContext,
    cases.map((each) => ({ ...shotOf(each), id: each.id })),
  );
  return cases.flatMap((each) => {
    const traced = sent.get(each.id);
    return traced === undefined ? [] : [{ ...traced, case: each }];
  });
}

/** @throws MeshdevError BUG when nothing of that id was sent */
export function sentAs(sent: ReadonlyMap<string, ShotRequest>, id: string): ShotRequest {
  const traced = sent.get(id);
  if (traced === undefined) throw new MeshdevError('BUG', { message: `request ${id} was not sent` });
  return traced;
}

/** User-Agent of a request that is hidden in another. */
export function hiddenAgent(agent: string): string {
  return `${agent}-hidden`;
}

function hiddenOf(record: EdgeRecord | undefined): Pick<ShotRequest, 'hiddenAtEdge' | 'hiddenAnswered'> {
  return {
    hiddenAtEdge: record === undefined ? 0 : 1,
    hiddenAnswered: record === undefined || isAbandoned(record) ? 0 : 1,
  };
}

interface Aimed extends Shot {
  readonly agent: string;
}

interface Connection {
  readonly job: SeriesJob;
  readonly shots: readonly Aimed[];
}

const CONNECTIONS = 4;

/**
 * Sends all shots over few connections, several at a time, and looks up what every component wrote; once more where
 * that was lost. A shot whose connection did not come about has that as its ending.
 */
export async function sendShots(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'>,
  shots: readonly Shot[],
): Promise<ReadonlyMap<string, ShotRequest>> {
  const outcomes = await askAgain(probeContext, await sendOnce(probeContext, shots), {
    // What is sent alone leaves something behind on its connection, or may hide another request.
    may: (request) => shots.some(({ id, alone }) => id === request && alone !== true),
    send: (requests) =>
      sendOnce(
        probeContext,
        shots.filter(({ id }) => requests.has(id)),
      ),
  });
  return new Map([...outcomes].map(([id, { traced }]) => [id, traced]));
}

async function sendOnce(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'lookUp' | 'inTurn' | 'signal'>,
  shots: readonly Shot[],
): Promise<ReadonlyMap<string, Outcome>> {
  const connections = connectionsOf(
    probeContext,
    shots.map((shot) => ({ ...shot, agent: newAgent() })),
  );
  const results = await fire(probeContext, connections);
  const answered = connections.flatMap(({ job, shots: own }) =>
    own.map((shot, at) => {
      const seen = seenOf(results, job, at);
      const { agent, via, service } = shot;
      const hidden = service === undefined ? { hidden: hiddenAgent(agent) } : { service };
      return { shot, seen, sent: { agent, wire: seen.wire, via, ...hidden } };
    }),
  );
  const { records, silent } = await probeContext.lookUp(answered.map(({ sent }) => sent));
  return new Map(
    answered.map(({ shot: { id, agent, service }, seen, sent }) => [
      id,
      { traced: shotRequest(seen, { agent, service, records }), silent: silent(sent) },
    ]),
  );
}

interface Written {
  readonly agent: string;
  readonly service: ServiceId | undefined;
  readonly records: Records;
}

function shotRequest(
  { wire, durationMs, connection }: Seen,
  { agent, service, records }: Written,
): ShotRequest {
  return {
    ...toTracedRequest(wire, agent, records, service),
    appTimes: records.appTimes.get(agent) ?? 0,
    hiddenTimes: records.appTimes.get(hiddenAgent(agent)) ?? 0,
    ...hiddenOf(records.edge.get(hiddenAgent(agent))),
    ...(wire.alert === undefined ? {} : { alert: wire.alert }),
    durationMs,
    connection,
  };
}

/** The gateway is behind the lab's network: whoever asks it stands there. */
async function fire(
  { inTurn, probes, signal }: Needs<'probes' | 'inTurn' | 'signal'>,
  connections: readonly Connection[],
): Promise<readonly JobResult[]> {
  const of = (via: Shot['via']): readonly Job[] =>
    connections.filter(({ shots }) => shots[0]?.via === via).map(({ job }) => job);
  const [edge, gateway] = [of('edge'), of('gateway')];
  const results = await Promise.all([
    inTurn(() => runHere(edge, signal)),
    gateway.length === 0 ? [] : probes.lab(gateway, signal),
  ]);
  return results.flat();
}

/** Shots of one kind of connection side by side in a few connections; those that stay alone have one each. */
function connectionsOf(
  probeContext: Needs<'context' | 'keys'>,
  shots: readonly Aimed[],
): readonly Connection[] {
  const kinds = Map.groupBy(shots, (shot) =>
    [shot.via, shot.sni, shot.protocol, shot.alone ? shot.id : ''].join('|'),
  );
  return [...kinds.values()].flatMap((same) => {
    const width = Math.ceil(same.length / (same[0]?.connections ?? CONNECTIONS));
    const parts = Array.from({ length: Math.ceil(same.length / width) }, (_each, at) =>
      same.slice(at * width, (at + 1) * width),
    );
    return parts.map((part) => ({ job: jobOf(probeContext, part), shots: part }));
  });
}

function jobOf({ context: { lab }, keys }: Needs<'context' | 'keys'>, shots: readonly Aimed[]): SeriesJob {
  const [{ via, sni = lab.hosts[APP_ID], protocol = 'http/1.1', id } = DEFAULTS] = shots;
  const servername = sni === null ? {} : { servername: sni };
  const { certificatePem: cert, keyPem: key } = keys.edgeClient;
  const way =
    via === 'edge'
      ? { host: '127.0.0.1', port: lab.httpsPort, ca: keys.edge.rootPem }
      : { host: lab.cluster.node, port: lab.gatewayNodePort, ca: keys.mesh.rootPem, cert, key };
  return {
    kind: 'series',
    id: `series-${id}`,
    ...way,
    ...servername,
    alpn: [protocol],
    timeoutMs: 25_000,
    answerMs: 8_000,
    requests: shots.map(({ request, agent }) => request(agent)),
  };
}

const DEFAULTS: Pick<Shot, 'via' | 'sni' | 'protocol' | 'id'> = { via: 'edge', id: 'none' };

interface Seen {
  readonly wire: WireResult;
  readonly durationMs: number;
  readonly connection: string;
}

function seenOf(results: readonly JobResult[], { id }: SeriesJob, at: number): Seen {
  const found = resultOf(results, 'series', id)?.answers[at];
  if (found !== undefined)
    return { wire: seriesWire(found), durationMs: found.durationMs, connection: `${id}/${found.connection}` };
  const broken = resultOf(results, 'broken', id);
  throw new MeshdevError('STEP_FAILED', {
    message: `requests ${id} could not be sent: ${broken?.error.message ?? 'no result'}`,
  });
}
