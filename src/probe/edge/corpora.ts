import { ADMIN, APP_ID, INTERNAL_ID, VIEWER } from '../../sample/names.ts';
import { z } from 'zod';
import type { FramingRequest, HeaderRequests, HostRequest, PathRequest } from '../../evidence/corpora.ts';
import type { HttpRequest } from '../../agent/program/job.ts';
import type { FramingCase } from '../../cases/framing/framing-case.ts';
import { FRAMING_CASES } from '../../cases/framing/framing-cases.ts';
import type { HeaderCase } from '../../cases/headers/header-case.ts';
import { HEADER_CASES } from '../../cases/headers/header-cases.ts';
import { HOST_CASES } from '../../cases/host-cases.ts';
import { passingHeaders } from '../../cases/headers/passing-headers.ts';
import { PATH_CASES } from '../../cases/path-cases.ts';
import { authorityOf, type Lab } from '../../topology/lab.ts';
import { type EdgeConfig } from '../../edge/running-config.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { hiddenAgent, rawRequest, sendCases, sendShots, sentAs, type Shot } from '../requests/send-shots.ts';
import { sha256Hex, parseEcho } from '../requests/to-traced-request.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';

/** Headers that claim what is not the client's to say, on an otherwise honest request of the admin's. */
export async function collectHeaderRequests(
  probeContext: Needs<
    'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'
  >,
  edgeConfig: () => Promise<EdgeConfig>,
): Promise<HeaderRequests> {
  const { [ADMIN]: admin } = await probeContext.tokens();
  const bearer = `Bearer ${admin.accessToken}`;
  const base = { host: authorityOf(probeContext.context.lab), line: 'GET /headers' };
  const onTheWay = HEADER_CASES.filter(({ via }) => via !== 'pod');
  const shotOf = ({ via, as, lines }: Pick<HeaderCase, 'via' | 'as' | 'lines'>): Omit<Shot, 'id'> => ({
    via: via === 'gateway' ? 'gateway' : 'edge',
    request: (agent) =>
      rawRequest({
        ...base,
        agent,
        lines: [...(as === 'nobody' ? [] : [`Authorization: ${bearer}`]), ...lines],
      }),
  });
  const honest = { id: 'authorization', ...shotOf({ via: 'edge', as: ADMIN, lines: [] }) };
  const kept = passingHeaders(probeContext.context.lab.trustedHeaders);
  const lines = kept.map(([name, value]) => `${name}: ${value}`);
  const passing = { id: 'passing', ...shotOf({ via: 'edge', as: ADMIN, lines }) };
  const [requests, plain, pods, config] = await Promise.all([
    sendCases(probeContext, onTheWay, shotOf),
    sendShots(probeContext, [honest, passing]),
    podEchoes(probeContext),
    edgeConfig(),
  ]);
  const authorization = { sent: sha256Hex(bearer), traced: sentAs(plain, honest.id) };
  return {
    requests,
    pods,
    stripped: deletedHeaders(config.running),
    authorization,
    passing: { sent: kept, traced: sentAs(plain, passing.id) },
  };
}

/** Pure: what the `headers` handlers of Caddy's configuration delete, in all its routes. */
export function deletedHeaders(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(deletedHeaders);
  if (typeof node !== 'object' || node === null) return [];
  const handler = headersHandler.safeParse(node);
  if (handler.success) return handler.data.request.delete;
  return Object.values(node).flatMap(deletedHeaders);
}

const headersHandler = z.looseObject({
  handler: z.literal('headers'),
  request: z.looseObject({ delete: z.array(z.string()) }),
});

/** From the caller's pod through its own sidecar to the internal service. */
async function podEchoes({
  context: { cluster, lab },
  probes,
  signal,
}: Needs<'context' | 'probes' | 'signal'>): Promise<HeaderRequests['pods']> {
  const cases = HEADER_CASES.filter(({ via }) => via === 'pod');
  const caller = await podOf(cluster, lab, 'caller', signal);
  const { namespace, serviceAccount } = lab.workloads[INTERNAL_ID];
  const host = `${serviceAccount}.${namespace}.svc.cluster.local`;
  const jobs = cases.map(({ id, lines }) => {
    const headers = [['Host', `${host}:8000`] as const, ...lines.map(pairOf)];
    const request = { method: 'GET', path: '/headers', headers };
    return { kind: 'http', id, to: { host, port: 8000 }, request, timeoutMs: 8_000 } as const;
  });
  const results = await probes.pod(caller, jobs, signal);
  return cases.map((each) => {
    const { status, body } = wireOf(results, each.id);
    return { case: each, status, echo: parseEcho(body) };
  });
}

function pairOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

/** Requests that two servers may read differently. Each has a connection of its own. */
export async function collectFramingRequests(
  probeContext: Needs<
    'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'
  >,
): Promise<readonly FramingRequest[]> {
  const { [ADMIN]: admin } = await probeContext.tokens();
  const host = authorityOf(probeContext.context.lab);
  const bearer = `Bearer ${admin.accessToken}`;
  return sendCases(probeContext, FRAMING_CASES, (each) => ({
    via: 'edge',
    alone: true,
    protocol: each.protocol,
    request: (agent) => (each.protocol === 'h2' ? streamOf : bytesOf)(each, { agent, host, bearer }),
  }));
}

interface Filling {
  readonly agent: string;
  readonly host: string;
  readonly bearer: string;
}

function bytesOf(
  { line, version = 'HTTP/1.1', lines, raw = [], body = '', newline }: FramingCase,
  filling: Filling,
) {
  const { agent, host, bearer } = filling;
  const hidden = head({
    ...filling,
    agent: hiddenAgent(agent),
    line: 'GET /headers HTTP/1.1',
    lines: [`Host: ${host}`],
  });
  const whole = body.replace('HIDDEN', hidden);
  const fill = (text: string): string =>
    text.replace('HOST', host).replace('LENGTH', String(Buffer.byteLength(whole, 'latin1')));
  const named = lines.some(([name]) => /host$/i.test(name)) ? [] : [`Host: ${host}`];
  const type = body === '' ? [] : ['Content-Type: text/plain'];
  const own = [...named, ...type, ...lines.map(([name, value]) => `${name}: ${value}`), ...raw].map(fill);
  const text = head({ agent, host, bearer, line: fill(`${line} ${version}`.trimEnd()), lines: own, newline });
  return { raw: Buffer.from(text + whole, 'latin1').toString('base64') };
}

interface Head extends Filling {
  readonly line: string;
  readonly lines: readonly string[];
  readonly newline?: string | undefined;
}

function head({ agent, bearer, line, lines, newline = '\r\n' }: Head): string {
  return [line, ...lines, `User-Agent: ${agent}`, `Authorization: ${bearer}`, '', ''].join(newline);
}

function streamOf({ line, lines, body }: FramingCase, { agent, host, bearer }: Filling): HttpRequest {
  const [method = 'GET', path = '/'] = line.split(' ');
  const headers = [
    ...lines.map(([name, value]) => [name, value.replace('HOST', host)] as const),
    ['user-agent', agent] as const,
    ['authorization', bearer] as const,
    ...(body === undefined ? [] : [['content-type', 'text/plain'] as const]),
  ];
  return { method, path, headers, ...(body === undefined ? {} : { body }) };
}

/** Spellings of paths, with the token of the viewer, who may read and not administer. */
export async function collectPathRequests(
  probeContext: Needs<
    'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'
  >,
): Promise<readonly PathRequest[]> {
  const { [VIEWER]: viewer } = await probeContext.tokens();
  const host = authorityOf(probeContext.context.lab);
  const lines = [`Authorization: Bearer ${viewer.accessToken}`];
  return sendCases(probeContext, PATH_CASES, ({ via, path }) => ({
    via,
    request: (agent) => rawRequest({ agent, host, line: `GET ${path.replace('HOST', host)}`, lines }),
  }));
}

/** Connections for one name and requests for another. Those over HTTP/2 share a connection for each SNI. */
export async function collectHostRequests(
  probeContext: Needs<
    'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'inTurn' | 'asked' | 'leftMs' | 'signal'
  >,
): Promise<readonly HostRequest[]> {
  const { [ADMIN]: admin } = await probeContext.tokens();
  const { lab } = probeContext.context;
  const bearer = `Bearer ${admin.accessToken}`;
  return sendCases(probeContext, HOST_CASES, ({ sni, host, protocol }) => {
    const named = namesOf(lab, host);
    const fields = (agent: string) =>
      [
        ['host', named],
        ['user-agent', agent],
        ['authorization', bearer],
      ] as const;
    return {
      via: 'edge',
      sni: sni === null ? null : namesOf(lab, sni),
      protocol,
      connections: 1,
      request: (agent) =>
        protocol === 'h2'
          ? { method: 'GET', path: '/headers', headers: fields(agent) }
          : rawRequest({ agent, host: named, line: 'GET /headers', lines: [`Authorization: ${bearer}`] }),
    };
  });
}

function namesOf({ hosts, domain, httpsPort }: Lab, text: string): string {
  return text
    .replace('HTTPBIN-UPPER', hosts[APP_ID].toUpperCase())
    .replace('HTTPBIN', hosts[APP_ID])
    .replace('AUTH', hosts.auth)
    .replace('ZONE', domain)
    .replace('PORT', String(httpsPort));
}
