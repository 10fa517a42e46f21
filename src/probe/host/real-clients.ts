import { APP_ID } from '../../sample/names.ts';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import type { ClientTry, RealClient } from '../../evidence/real-clients.ts';
import { patience } from '../../run/patience.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { type Asking, run } from './client-run.ts';
import { browserTry, javaTry } from './slow-clients.ts';
import type { Needs } from '../probe-context.ts';

type AskWith = (asking: Asking) => Promise<ClientTry>;

interface Known {
  readonly name: RealClient['name'];
  readonly programs: readonly string[];
  readonly ask: AskWith;
  /** Costs seconds: only where it was asked for. */
  readonly slow: boolean;
  /** Another program that its trust store is made with. */
  readonly needs?: string;
}

const CLIENTS: readonly Known[] = [
  { name: 'curl', programs: ['curl'], ask: curlTry, slow: false },
  { name: 'node', programs: [process.execPath], ask: nodeTry, slow: false },
  { name: 'java', programs: ['java'], ask: javaTry, slow: true },
  {
    name: 'chromium',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    ask: browserTry,
    slow: true,
    needs: 'certutil',
  },
];

/** Of curl, for each request. */
const LIMIT_MS = 8_000;

/** Set to anything, it lets Java and a browser be asked too. */
const SLOW_CLIENTS = 'MESHDEV_SLOW_CLIENTS';

/**
 * Each client twice: with the lab’s root as an anchor it must agree, without it refuse. Their files are in the lab's
 * own directory: what a run that was killed leaves there goes with the lab.
 */
export async function collectRealClients(
  probeContext: Needs<'context' | 'keys' | 'signal'>,
): Promise<readonly RealClient[]> {
  const dir = await mkdtemp(join(probeContext.context.files.labDir, 'clients-'));
  // A run that is stopped ends without waiting for this.
  const removeNow = (): void => rmSync(dir, { recursive: true, force: true });
  process.once('exit', removeNow);
  try {
    const anchor = join(dir, 'edge-root.pem');
    await writeFile(anchor, probeContext.keys.edge.rootPem, { mode: 0o600 });
    return await Promise.all(CLIENTS.map((client) => tryClient(probeContext, client, dir, anchor)));
  } finally {
    process.off('exit', removeNow);
    await rm(dir, { recursive: true, force: true });
  }
}

async function tryClient(
  probeContext: Needs<'context' | 'signal'>,
  { name, programs, ask, slow, needs }: Known,
  dir: string,
  anchor: string,
): Promise<RealClient> {
  const { runner, lab, slowClients } = probeContext.context;
  if (slow && slowClients !== true)
    return {
      name,
      seen: { kind: 'absent', because: `it takes seconds; set ${SLOW_CLIENTS}=1 to run it` },
    };
  const found = (
    await Promise.all(programs.map(async (program) => (isAbsolute(program) ? program : runner.find(program))))
  ).find((program) => program !== undefined);
  if (found === undefined)
    return { name, seen: { kind: 'absent', because: `${programs[0]} is not installed on this machine` } };
  if (needs !== undefined && (await runner.find(needs)) === undefined)
    return {
      name,
      seen: { kind: 'absent', because: `${needs}, which creates its trust store, is not installed` },
    };
  const idp = new URL(`${lab.issuer}/.well-known/openid-configuration`);
  const app = new URL('/', `https://${lab.hosts[APP_ID]}:${lab.httpsPort}`);
  const asking = { probeContext, dir, program: found };
  try {
    const [withoutAnchor, ...withAnchor] = await Promise.all([
      ask({ ...asking, url: idp, anchor: undefined }),
      // Each site has a certificate of its own.
      ...(slow ? [idp] : [idp, app]).map((url) => ask({ ...asking, url, anchor })),
    ]);
    return { name, seen: { kind: 'tried', accepts: allOf(withAnchor), withoutAnchor } };
  } catch (thrown) {
    // One that hangs costs its own case, not the others'.
    return { name, seen: { kind: 'unanswered', because: textOf(thrown) } };
  }
}

/** Pure: accepted where every one was; else the words of the first that was not. */
function allOf(tries: readonly ClientTry[]): ClientTry {
  const refused = tries.find(({ accepted }) => !accepted);
  return refused ?? { accepted: true, told: tries.map(({ told }) => told).join(', ') };
}

async function curlTry({ probeContext, program, url, anchor }: Asking): Promise<ClientTry> {
  const argv = [
    '-sS',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '--noproxy',
    '*',
    '--max-time',
    String(patience(LIMIT_MS) / 1000),
    '--resolve',
    `${url.hostname}:${url.port === '' ? 443 : url.port}:127.0.0.1`,
    ...(anchor === undefined ? [] : ['--cacert', anchor]),
    url.href,
  ];
  return run(probeContext, program, argv);
}

/** A process of its own, with the anchor as users give it. Dials loopback: names are judged elsewhere. */
const NODE_PROGRAM = `
const [url, port] = process.argv.slice(1);
const { hostname, host, pathname } = new URL(url);
require('node:https').get({ host: '127.0.0.1', port, servername: hostname, path: pathname, headers: { host } }, (r) => {
  process.stdout.write(String(r.statusCode)); r.resume();
}).on('error', (e) => { process.stderr.write(e.code ?? e.message); process.exitCode = 1; });
`;

async function nodeTry({ probeContext, program, url, anchor }: Asking): Promise<ClientTry> {
  const argv = ['-e', NODE_PROGRAM, url.href, url.port === '' ? '443' : url.port];
  return run(probeContext, program, argv, anchor === undefined ? {} : { NODE_EXTRA_CA_CERTS: anchor });
}
