import { ADMIN, APP_ID } from '../../sample/names.ts';
import type { OwnRequest } from '../../evidence/own-answers.ts';
import { type Job, type JobResult, resultOf, type TlsJob } from '../../agent/program/job.ts';
import { runHere } from '../../agent/patient-jobs.ts';
import { authorityOf } from '../../topology/lab.ts';
import type { OwnAnswer } from '../../cases/own-answers/own-answer.ts';
import { OWN_ANSWERS } from '../../cases/own-answers/own-answers.ts';
import { rawRequest, sendShots } from '../requests/send-shots.ts';
import { newAgent } from '../requests/to-traced-request.ts';
import { wireOf } from '../requests/wire.ts';
import type { EdgeAccess } from '../../edge/edge-request.ts';
import { edgeAccess } from './edge-access.ts';
import type { Needs } from '../probe-context.ts';

const TIMEOUT_MS = 8_000;
/** Go's server reads 1 MiB of head and 4 KiB more. */
const LARGE = 'a'.repeat(1_100_000);

/**
 * Everything that the edge answers by itself, each on a connection of its own. Without a token those that go on
 * with one are not sent.
 */
export async function collectOwnAnswers(
  probeContext: Needs<
    'context' | 'keys' | 'probes' | 'logins' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'
  >,
): Promise<readonly OwnRequest[]> {
  const { lab } = probeContext.context;
  const bearer = await probeContext.logins()[ADMIN].then(
    ({ accessToken }) => accessToken,
    () => undefined,
  );
  const cases = OWN_ANSWERS.filter(
    ({ strictOnly, begun }) =>
      (strictOnly !== true || lab.strictPaths) && (begun !== true || bearer !== undefined),
  );
  const sent = cases.map((each) => ({ each, agent: newAgent() }));
  const results = await probeContext.inTurn(() =>
    runHere(
      sent.map(({ each, agent }) => ownJob(edgeAccess(probeContext), each, agent, bearer)),
      probeContext.signal,
    ),
  );
  // An honest request after all of them: once it is in the log, what came before it is there, or never will be.
  await sendShots(probeContext, [
    {
      id: 'after-own-answers',
      via: 'edge',
      request: (agent) => rawRequest({ agent, host: authorityOf(lab), line: 'GET /headers', lines: [] }),
    },
  ]);
  const requests = sent.map(({ each, agent }) => ({ each, agent, wire: wireOf(results, each.id) }));
  const { records } = await probeContext.lookUp(
    requests
      .filter(({ each }) => each.record === true)
      .map(({ agent, wire }) => ({ agent, wire, recorded: true })),
  );
  return requests.map(({ each, agent, wire }) => ({
    case: each,
    wire,
    first: firstBytes(results, each.id),
    edge: records.edge.get(agent),
    isBehind: records.gateway.has(agent) || records.app.has(agent),
  }));
}

/** What came back outside of TLS, Latin-1. */
export function firstBytes(results: readonly JobResult[], id: string): string {
  return Buffer.from(resultOf(results, 'tcp', id)?.first ?? '', 'base64').toString('latin1');
}

/** One of the list, as it is sent; `bearer` goes along where its head goes on. */
export function ownJob(
  { lab, edgeRootPem }: Pick<EdgeAccess, 'lab' | 'edgeRootPem'>,
  { id, send, begun }: OwnAnswer,
  agent: string,
  bearer = '',
): Job {
  const host = authorityOf(lab);
  const base = { id, host: '127.0.0.1', port: lab.httpsPort, timeoutMs: TIMEOUT_MS } as const;
  const tls: TlsJob = {
    ...base,
    kind: 'tls',
    servername: lab.hosts[APP_ID],
    ca: edgeRootPem,
    alpn: ['http/1.1'],
    readFirstMs: 0,
  };
  const bytes = (text: string): string => {
    const filled = text
      .replaceAll('\n', '\r\n')
      .replaceAll('HOST', host)
      .replace('AGENT', `User-Agent: ${agent}`)
      .replace('TOKEN', `Authorization: Bearer ${bearer}`)
      .replace('LARGE', LARGE);
    return Buffer.from(filled, 'latin1').toString('base64');
  };
  switch (send.kind) {
    case 'raw':
      return { ...tls, request: { raw: bytes(send.text) } };
    case 'plain':
      return { ...base, kind: 'tcp', send: bytes(send.text) };
    case 'handshake': {
      const { servername = lab.hosts[APP_ID], ...rest } = send.tls;
      return { ...tls, ...rest, servername: servername.replace('ZONE', lab.domain) };
    }
    case 'h2': {
      const [method = 'GET', path = '/'] = send.line.split(' ');
      const length = send.length === undefined ? [] : [['content-length', send.length] as const];
      const token = begun === true ? [['authorization', `Bearer ${bearer}`] as const] : [];
      const headers = [['host', host] as const, ['user-agent', agent] as const, ...token, ...length];
      const body = send.body === undefined ? {} : { body: send.body };
      return { ...tls, alpn: ['h2'], request: { method, path, headers, ...body } };
    }
  }
}
