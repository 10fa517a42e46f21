import { patience } from '../../run/patience.ts';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { HostName, InsideName, IssuerView, LookUp, Met, NamesSeen } from '../../evidence/names.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { type Job, type JobResult, resultOf, type TlsJob } from '../../agent/program/job.ts';
import { runHere } from '../../agent/patient-jobs.ts';
import { type Lab, publicHosts } from '../../topology/lab.ts';
import { fingerprintsOf } from '../../trust/fingerprints.ts';
import { podOf } from '../../agent/exec-probe.ts';
import { addressesIn } from '../edge/edge-state.ts';
import { execInIstiod } from '../mesh/istiod.ts';
import type { Needs } from '../probe-context.ts';

const TIMEOUT_MS = 4_000;
const HOSTS_FILE = '/etc/hosts';
const DISCOVERY = '/.well-known/openid-configuration';
type Results = readonly JobResult[];

/** What the public names mean here, on the edge’s network, in pods, and to istiod: asked once in each place. */
export async function collectNames(
  probeContext: Needs<'context' | 'engine' | 'keys' | 'probes' | 'signal'>,
): Promise<NamesSeen> {
  const { context, engine, probes, signal } = probeContext;
  const { lab } = context;
  const random = `r${randomBytes(6).toString('hex')}.${lab.domain}`;
  const names = [...publicHosts(lab), random];
  const inNonMeshClient = async (): Promise<Results> =>
    probes.pod(
      await podOf(context.cluster, lab, 'intruder', signal),
      insideJobs(probeContext, names),
      signal,
    );
  const [host, probe, nonMeshClient, istiod, edge, lines] = await Promise.all([
    onHost(probeContext, names),
    probes.lab(insideJobs(probeContext, names), signal),
    inNonMeshClient(),
    istiodLookUp(probeContext),
    engine.containers.inspect(lab.containers.edge, signal),
    hostsLines(lab),
  ]);
  const inside = [
    ...insideNames('edge network', probe, names),
    ...insideNames('intruder', nonMeshClient, names),
  ];
  return {
    host: host.names,
    inside: inside.filter(({ name }) => name !== random),
    istiod,
    edgeAddresses: (edge?.networks ?? []).flatMap(({ address }) => (address === '' ? [] : [address])),
    hostsLines: lines,
    random: {
      name: random,
      host: host.random,
      inside: inside.filter(({ name }) => name === random),
    },
    views: [viewOf('client', host.results), viewOf('edge network', probe), viewOf('pod', nonMeshClient)],
    loopbackV6: host.loopbackV6,
  };
}

/** Names are resolved where the job runs; `view` is the issuer as that place meets it. */
function insideJobs(
  { context: { lab }, keys }: Needs<'context' | 'keys'>,
  names: readonly string[],
): readonly Job[] {
  return [
    ...names.map((name): Job => ({ kind: 'dns', id: name, name, timeoutMs: TIMEOUT_MS })),
    discoveryJob(lab, keys.edge.rootPem, lab.hosts.auth),
  ];
}

function discoveryJob(lab: Lab, ca: string, host: string): TlsJob {
  return {
    kind: 'tls',
    id: 'view',
    host,
    port: lab.httpsPort,
    servername: lab.hosts.auth,
    ca,
    alpn: ['http/1.1'],
    readFirstMs: 0,
    timeoutMs: TIMEOUT_MS * 2,
    request: { method: 'GET', path: DISCOVERY, headers: [['Host', new URL(lab.issuer).host]] },
  };
}

interface OnHost {
  readonly names: NamesSeen['host'];
  readonly random: LookUp;
  readonly results: Results;
  readonly loopbackV6: NamesSeen['loopbackV6'];
}

/** What asking on this machine takes. */
export interface Onlooker {
  readonly context: Pick<LabContext, 'lab' | 'runner'>;
  readonly keys: { readonly edge: Pick<LabKeys['edge'], 'rootPem'> };
  readonly signal: AbortSignal;
}

/** By the resolver of this machine, and by dialling every address that it answers. */
export async function onHost(probeContext: Onlooker, names: readonly string[]): Promise<OnHost> {
  const { context, keys, signal } = probeContext;
  const { lab } = context;
  const asked = await runHere(
    [
      ...names.flatMap((name): readonly Job[] => [
        { kind: 'dns', id: name, name, timeoutMs: TIMEOUT_MS },
        { kind: 'dns', id: `${name}.`, name: `${name}.`, timeoutMs: TIMEOUT_MS },
      ]),
      discoveryJob(lab, keys.edge.rootPem, '127.0.0.1'),
      { ...discoveryJob(lab, keys.edge.rootPem, '::1'), id: 'v6' },
    ],
    signal,
  );
  const hosts = publicHosts(lab);
  const addresses = [...new Set(hosts.flatMap((name) => addressesOf(libraryOf(asked, name))))];
  const [met, curls] = await Promise.all([
    runHere(
      addresses.map((address) => ({ ...discoveryJob(lab, keys.edge.rootPem, address), id: address })),
      signal,
    ),
    Promise.all(hosts.map(async (name) => [name, await curlLookUp(probeContext, name)] as const)),
  ]);
  const byCurl = new Map(curls);
  const toHost = (name: string): HostName => ({
    system: libraryOf(asked, name),
    dotted: libraryOf(asked, `${name}.`),
    met: Object.fromEntries(
      addressesOf(libraryOf(asked, name)).map((address) => [address, metAt(met, address)]),
    ),
    curl: byCurl.get(name),
  });
  return {
    names: Object.fromEntries(hosts.map((name) => [name, toHost(name)])),
    random: libraryOf(asked, names.at(-1) ?? ''),
    results: asked,
    loopbackV6: metAt(asked, 'v6'),
  };
}

/** curl knows names below `localhost` by itself; it is asked where it is there. */
async function curlLookUp(
  { context: { runner, lab }, signal }: Onlooker,
  name: string,
): Promise<LookUp | undefined> {
  const curl = await runner.find('curl');
  if (curl === undefined) return undefined;
  const argv = [
    '-sS',
    '-k',
    '-o',
    '/dev/null',
    '-w',
    '%{remote_ip}',
    '--noproxy',
    '*',
    '--max-time',
    String(patience(TIMEOUT_MS) / 1000),
  ];
  const url = `https://${name}:${lab.httpsPort}/`;
  const { stdout, stderr } = await runner.run(curl, [...argv, url], {
    allowFailure: true,
    timeoutMs: TIMEOUT_MS * 2,
    signal,
  });
  const address = stdout.trim();
  return address === '' ? { error: stderr.trim() } : { addresses: [address] };
}

function libraryOf(results: Results, id: string): LookUp {
  return resultOf(results, 'dns', id)?.lookup ?? { error: 'not queried' };
}

function addressesOf(found: LookUp): readonly string[] {
  return 'addresses' in found ? [...new Set(found.addresses)] : [];
}

function leafOf(results: Results, id: string): string | undefined {
  return fingerprintsOf(resultOf(results, 'tls', id)?.peerChain[0] ?? '')[0];
}

function metAt(results: Results, id: string): Met {
  const result = resultOf(results, 'tls', id);
  return { ended: result?.ended ?? 'broken', code: result?.error?.code, leaf: leafOf(results, id) };
}

function insideNames(place: string, results: Results, names: readonly string[]): readonly InsideName[] {
  return names.map((name) => {
    const result = resultOf(results, 'dns', name);
    const none: LookUp = { error: 'not queried' };
    return { place, name, library: result?.lookup ?? none, a: result?.a ?? none, aaaa: result?.aaaa ?? none };
  });
}

function viewOf(place: string, results: Results): IssuerView {
  const result = resultOf(results, 'tls', 'view');
  const document = parse(result?.response?.body ?? '');
  const text = (key: string) => (typeof document[key] === 'string' ? document[key] : undefined);
  return {
    place,
    leaf: leafOf(results, 'view'),
    issuer: text('issuer'),
    jwksUri: text('jwks_uri'),
    because:
      `${result?.response?.status ?? result?.ended ?? 'no result'} ${result?.error?.message ?? ''}`.trim(),
  };
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** By the C library in istiod’s own container. */
async function istiodLookUp(probeContext: Needs<'context' | 'signal'>): Promise<LookUp> {
  try {
    const argv = ['getent', 'ahosts', probeContext.context.lab.hosts.auth];
    const { exitCode, stdout } = await execInIstiod(probeContext, argv);
    const addresses = addressesIn(stdout.toString('utf8'));
    return addresses.length > 0 ? { addresses } : { error: `getent exited with code ${exitCode}` };
  } catch (thrown) {
    return { error: textOf(thrown) };
  }
}

/** Lines that carry one of the names, comments apart. */
async function hostsLines(lab: Lab): Promise<readonly string[]> {
  const text = await readFile(HOSTS_FILE, 'utf8').catch(() => '');
  return linesWith(text, publicHosts(lab));
}

/** Pure. */
export function linesWith(text: string, names: readonly string[]): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) =>
      line
        .split(/\s+/)
        .slice(1)
        .some((word) => names.includes(word.toLowerCase())),
    );
}
