import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { looksLikeIdentity } from '../../../src/edge/identity-headers.ts';
import { isPlainTarget } from '../../../src/edge/plain-paths.ts';
import { type HttpRequest, resultOf } from '../../../src/agent/program/job.ts';
import { runJobs } from '../../../src/agent/program/run-jobs.ts';
import type { LabKeys } from '../../../src/keys/lab-keys.ts';
import { HEADER_CASES } from '../../../src/cases/headers/header-cases.ts';
import { passingHeaders } from '../../../src/cases/headers/passing-headers.ts';
import { PATH_CASES } from '../../../src/cases/path-cases.ts';
import { authorityOf, createLab, DEFAULT_CHOICE, type Lab } from '../../../src/topology/lab.ts';
import { startEdge } from '../../support/caddy.ts';
import { freePort, type Running } from '../../support/child.ts';
import { freshKeys } from '../../support/lab-keys.ts';
import { type SeenBehind, type StandIn, startStandIn } from '../../support/stand-in-gateway.ts';

const { signal } = new AbortController();
const TRUSTED = ['X-Roles', 'X-Tenant-Id'];

describe.each([
  { strictPaths: false, trustedHeaders: [] },
  { strictPaths: true, trustedHeaders: TRUSTED },
])('an edge with %o', ({ strictPaths, trustedHeaders }) => {
  let directory = '';
  let lab: Lab;
  let keys: LabKeys;
  let gateway: StandIn;
  let edge: Running;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meshdev-edge-'));
    lab = createLab({ ...DEFAULT_CHOICE, httpsPort: await freePort(), strictPaths, trustedHeaders });
    keys = await freshKeys(lab);
    gateway = await startStandIn(keys);
    edge = await startEdge(lab, keys, { gatewayPort: gateway.port, idpPort: await freePort() }, directory);
  });
  afterAll(async () => {
    await edge[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  interface Asked {
    readonly target?: string;
    readonly lines?: readonly string[];
  }

  /** One request each, over few connections; the status, and what arrived behind the edge. */
  async function ask(
    requests: readonly Asked[],
  ): Promise<readonly { readonly status: number | undefined; readonly seen: SeenBehind | undefined }[]> {
    const raw = ({ target = '/headers', lines = [] }: Asked, at: number): HttpRequest => {
      const head = [`GET ${target} HTTP/1.1`, `Host: ${authorityOf(lab)}`, `User-Agent: ask/${at}`, ...lines];
      return { raw: Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1').toString('base64') };
    };
    const job = {
      kind: 'series',
      id: 'ask',
      host: '127.0.0.1',
      port: lab.httpsPort,
      servername: lab.hosts.httpbin,
      ca: keys.edge.rootPem,
      alpn: ['http/1.1'],
      timeoutMs: 60_000,
      requests: requests.map(raw),
    } as const;
    const before = gateway.seen.length;
    const answers = resultOf(await runJobs([job], signal), 'series', 'ask')?.answers ?? [];
    const seen = new Map(gateway.seen.slice(before).map((one) => [one.headers['user-agent'], one]));
    return answers.map(({ response }, at) => ({ status: response?.status, seen: seen.get(`ask/${at}`) }));
  }

  const isTrusted = (name: string): boolean =>
    trustedHeaders.some((one) => one.toLowerCase() === name.toLowerCase());

  it('takes off what the rule says, and nothing else', async () => {
    const names = HEADER_CASES.filter(({ check, via }) => check === 'MD-HDR-010' && via === 'edge').flatMap(
      ({ lines }) => lines.map((line) => line.slice(0, line.indexOf(':'))),
    );
    expect(names.length).toBeGreaterThan(200);
    const answers = await ask(names.map((name) => ({ lines: [`${name}: forged`] })));
    const arrived = names.filter((name, at) => answers[at]?.seen?.headers[name.toLowerCase()] === 'forged');
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    expect(arrived).toEqual(names.filter((name) => !looksLikeIdentity(name) || isTrusted(name)));
  });

  it('lets pass what says nothing about identity, and what the service trusts, byte for byte', async () => {
    const sent = passingHeaders(trustedHeaders);
    const [answer] = await ask([{ lines: sent.map(([name, value]) => `${name}: ${value}`) }]);
    for (const [name, value] of sent) expect(answer?.seen?.headers[name.toLowerCase()]).toBe(value);
  });

  it('reads no placeholder in a client’s header', async () => {
    const [answer] = await ask([{ lines: ['X-Csrf-Token: {env.PATH}{http.request.uuid}'] }]);
    expect(answer?.seen?.headers['x-csrf-token']).toBe('{env.PATH}{http.request.uuid}');
  });

  it('keeps a repeated Authorization as it came', async () => {
    const [answer] = await ask([{ lines: ['Authorization: Bearer a', 'Cookie: a=1', 'Cookie: b=2'] }]);
    expect(answer?.seen?.headers).toMatchObject({ authorization: 'Bearer a', cookie: 'a=1; b=2' });
  });

  it('refuses exactly the targets with a second spelling when that is wanted', async () => {
    const targets = PATH_CASES.filter(({ via, path }) => via === 'edge' && !/[\0\t ]/.test(path)).map(
      ({ path }) => path.replace('HOST', authorityOf(lab)),
    );
    const answers = await ask(targets.map((target) => ({ target })));
    const wrong = targets.filter((target, at) => {
      const { status, seen } = answers[at] ?? {};
      const isRefused = status === 400 && seen === undefined;
      // What no server can parse is refused in both modes.
      return strictPaths ? isRefused === isPlainTarget(target) : isPlainTarget(target) && isRefused;
    });
    expect(wrong).toEqual([]);
  });
});
