import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { createLab } from '../../src/topology/lab.ts';
import { shots } from '../support/fuzz/http-arbitrary.ts';
import { fillFrom, idpKnowledge, type IdpState } from '../support/fuzz/idp-knowledge.ts';
import { beginIdpState } from '../support/fuzz/idp-state.ts';
import { runFuzz } from '../support/fuzz/run-fuzz.ts';
import type { Target } from '../support/fuzz/shoot.ts';

/*
 * Usage: node test/fuzz/idp-of-lab.ts --name NAME --https-port PORT [--seconds 60] [--seed N] [--way edge|direct]
 * Sends the identity provider of a running lab what the fuzz test sends, through the edge or straight to its
 * container, and says whether the same process answers still. Exits 1 when it does not, or when it was at fault.
 */

const run = promisify(execFile);

/** The edge's own words for clients at fault: broken chunks, and no HTTP version that there is. */
const EDGE_REFUSALS: ReadonlySet<number> = new Set([502, 505]);

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: 'demo' },
    'https-port': { type: 'string', default: '443' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    way: { type: 'string', default: 'edge' },
  },
});

const lab = createLab({
  name: values.name,
  domain: 'mesh.localhost',
  httpsPort: Number(values['https-port']),
});

/** Process id and restarts of the container: another pid would be another process. */
async function life(): Promise<string> {
  const format = 'pid {{.State.Pid}}, RestartCount {{.RestartCount}}, started {{.State.StartedAt}}';
  return (await run('docker', ['inspect', '--format', format, lab.containers.idp])).stdout.trim();
}

async function targetOf(ca: string): Promise<Target> {
  if (values.way === 'edge')
    return { host: '127.0.0.1', port: lab.httpsPort, tls: { servername: lab.hosts.auth, ca } };
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const { stdout } = await run('docker', ['inspect', '--format', format, lab.containers.idp]);
  return { host: stdout.trim(), port: lab.idpPort };
}

const meshdev = join(import.meta.dirname, '../../bin/meshdev');
const { stdout: path } = await run(meshdev, ['env', '--ca', '--name', lab.name]);
const edgeRootPem = await readFile(path.trim(), 'utf8');
const signal = AbortSignal.timeout((Number(values.seconds) + 120) * 1000);
const access = { lab, edgeRootPem, signal };

let state: IdpState = await beginIdpState(access);
let volleys = 0;
const since = new Date().toISOString();
const before = await life();
const figures = await runFuzz({
  target: await targetOf(edgeRootPem),
  shots: shots(idpKnowledge(new URL(lab.issuer).host, lab.clients.cli, ['a-guess'])),
  fill: fillFrom(() => state),
  seconds: Number(values.seconds),
  seed: Number(values.seed),
  isFault: (status) => status >= 500 && !(values.way === 'edge' && EDGE_REFUSALS.has(status)),
  harm: async () => ((await life()) === before ? undefined : `it is another process now: ${await life()}`),
  revive: async () => {
    if ((volleys += 1) % 3 === 0) state = await beginIdpState(access);
  },
});
const { stdout: log } = await run('docker', ['logs', '--since', since, lab.containers.idp], {
  maxBuffer: 2 ** 28,
});
const faults = log
  .split('\n')
  .filter((line) => /"event":"(fatal|unhandled|server_error)"|"status":5\d\d/.test(line));
const report = {
  way: values.way,
  seed: Number(values.seed),
  ...figures,
  before,
  after: await life(),
  faults,
};
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
