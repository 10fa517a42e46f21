import { APP_ID } from '../../sample/names.ts';
import { patience } from '../../run/patience.ts';
import type { ClientOpinion, EdgeDecoys } from '../../evidence/bad-certificates.ts';
import type { TlsJob } from '../../agent/program/job.ts';
import { resultOf } from '../../agent/program/job.ts';
import { runHere } from '../../agent/patient-jobs.ts';
import { HONEST } from '../../cases/certificates/flaws.ts';
import { forge } from '../certificates/forge.ts';
import { findingsOf } from '../certificates/own-judge.ts';
import { EDGE_SERVERS } from '../../cases/certificates/verifiers.ts';
import { openLocalServers } from './local-servers.ts';
import { forgerOf } from '../certificates/forger.ts';
import type { Needs } from '../probe-context.ts';

const TIMEOUT_MS = 8_000;
/** OpenSSL's own client is a process for each server. */
const AT_ONCE = 4;

type Ask = (
  probeContext: Needs<'context' | 'keys' | 'signal'>,
  ports: readonly number[],
) => Promise<readonly ClientOpinion[] | undefined>;

const CLIENTS: Readonly<Record<string, Ask>> = { node: askNode, curl: askCurl, openssl: askOpenssl };

/** Bad servers on loopback that show themselves to the clients of this machine as the edge. */
export async function collectEdgeDecoys(
  probeContext: Needs<'context' | 'keys' | 'signal'>,
): Promise<EdgeDecoys> {
  const forger = await forgerOf(probeContext);
  const recipes = [HONEST, ...EDGE_SERVERS.map(({ recipe }) => recipe ?? HONEST)];
  const certificates = await Promise.all(recipes.map((recipe) => forge('edge', recipe, forger)));
  await using servers = await openLocalServers(certificates);
  const asked = await Promise.all(
    Object.entries(CLIENTS).map(async ([client, ask]) => ({
      client,
      said: await ask(probeContext, servers.ports),
    })),
  );
  const opinionsAt = (index: number): readonly ClientOpinion[] =>
    asked.flatMap(({ said }) => said?.[index] ?? []);
  return {
    absent: asked.flatMap(({ client, said }) => (said === undefined ? [client] : [])),
    control: opinionsAt(0),
    probes: EDGE_SERVERS.map((each, index) => ({
      case: each,
      found: findingsOf('edge', certificates[index + 1]?.certificatePem ?? '', forger),
      opinions: opinionsAt(index + 1),
    })),
  };
}

async function askNode(
  { context: { lab }, keys, signal }: Needs<'context' | 'keys' | 'signal'>,
  ports: readonly number[],
): Promise<readonly ClientOpinion[]> {
  const host = lab.hosts[APP_ID];
  const jobs = ports.map((port): TlsJob => ({
    kind: 'tls',
    id: String(port),
    host: '127.0.0.1',
    port,
    servername: host,
    ca: keys.edge.rootPem,
    alpn: ['http/1.1'],
    timeoutMs: TIMEOUT_MS,
    readFirstMs: 0,
    request: { method: 'GET', path: '/', headers: [['Host', host]] },
  }));
  const results = await runHere(jobs, signal);
  return jobs.map(({ id }) => {
    const result = resultOf(results, 'tls', id);
    const said = result?.authorizationError ?? result?.error?.code ?? result?.ended ?? 'not tried';
    return { client: 'node', accepted: result?.authorized === true && result.ended === 'data', said };
  });
}

/** One curl for all; it says of each transfer how it ended. */
async function askCurl(
  { context: { lab, runner, files }, signal }: Needs<'context' | 'signal'>,
  ports: readonly number[],
): Promise<readonly ClientOpinion[] | undefined> {
  if ((await runner.find('curl')) === undefined) return undefined;
  const urls = ports.flatMap((port) => ['--output', '/dev/null', `https://${lab.hosts[APP_ID]}:${port}/`]);
  const argv = [
    '--silent',
    '--noproxy',
    '*',
    '--max-time',
    String(patience(TIMEOUT_MS) / 1000),
    '--cacert',
    files.edgeRoot,
    '--connect-to',
    '::127.0.0.1:',
    '--write-out',
    String.raw`%{urlnum} %{exitcode} %{http_code} %{errormsg}\n`,
  ];
  const { stdout } = await runner.run('curl', [...argv, ...urls], {
    allowFailure: true,
    timeoutMs: TIMEOUT_MS * 2,
    signal,
  });
  const lines = [...stdout.matchAll(/^(\d+) (\d+) (\d+) (.*)$/gm)];
  // Before 7.75 it knows none of these words.
  if (lines.length === 0) return undefined;
  return ports.map((_port, index) => {
    const [, , exit = '', status = '', message = ''] = lines.find(([, at]) => Number(at) === index) ?? [];
    return { client: 'curl', accepted: exit === '0' && status === '200', said: `${exit} ${message}`.trim() };
  });
}

async function askOpenssl(
  { context: { lab, runner, files }, signal }: Needs<'context' | 'signal'>,
  ports: readonly number[],
): Promise<readonly ClientOpinion[] | undefined> {
  if ((await runner.find('openssl')) === undefined) return undefined;
  const host = lab.hosts[APP_ID];
  const ask = async (port: number): Promise<ClientOpinion> => {
    const argv = [
      's_client',
      '-connect',
      `127.0.0.1:${port}`,
      '-servername',
      host,
      '-CAfile',
      files.edgeRoot,
    ];
    const { exitCode, stdout, stderr } = await runner.run(
      'openssl',
      [...argv, '-verify_return_error', '-verify_hostname', host],
      { allowFailure: true, stdin: '', timeoutMs: TIMEOUT_MS, signal },
    );
    const told = `${stdout}\n${stderr}`;
    const error = /verify error:num=(\d+):(.*)/.exec(told);
    return {
      client: 'openssl',
      accepted: exitCode === 0 && /Verify return code: 0 /.test(told),
      said: error === null ? `exit ${exitCode}` : `${error[1]} ${error[2] ?? ''}`,
    };
  };
  return inTurn(ports, ask);
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const waiting = items.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [at, item] of waiting) results.set(at, await work(item));
    }),
  );
  return items.flatMap((_item, at) => results.get(at) ?? []);
}
