import { createExecaRunner } from '../../src/adapters/execa-runner.ts';
import { sameListener, v6 } from '../../src/checks/name-listeners.ts';
import { onHost } from '../../src/probe/host/names.ts';
import { createLab, DEFAULT_CHOICE, publicHosts } from '../../src/topology/lab.ts';
import { fingerprintsOf } from '../../src/trust/fingerprints.ts';
import { readFile } from 'node:fs/promises';
import { resultOf } from '../../src/agent/program/job.ts';

/*
 * Asks the resolver of the place where it runs, as the check of names does, and prints the verdicts of
 * MD-NAME-006: a program of its own, so that it can be run where /etc/hosts is another one.
 *   node names-here.ts <port> <file with the edge root>
 */
const [port = '', rootFile = ''] = process.argv.slice(2);
const lab = createLab({ ...DEFAULT_CHOICE, httpsPort: Number(port) });
const seen = await onHost(
  {
    context: { lab, runner: createExecaRunner(process.env) },
    keys: { edge: { rootPem: await readFile(rootFile, 'utf8') } },
    signal: AbortSignal.timeout(60_000),
  },
  [...publicHosts(lab), `random.${lab.domain}`],
);
const served = fingerprintsOf(resultOf(seen.results, 'tls', 'view')?.peerChain[0] ?? '')[0] ?? 'none';
const names = {
  host: seen.names,
  inside: [],
  istiod: { error: 'not asked' },
  edgeAddresses: [],
  hostsLines: [],
  random: { name: '', host: seen.random, inside: [] },
  views: [],
  loopbackV6: seen.loopbackV6,
};
const verdicts = Object.fromEntries([
  ...publicHosts(lab).map((host) => [host.split('.')[0], sameListener(host, names, served, lab)] as const),
  ['loopback-v6', v6(names, served, lab)] as const,
]);
process.stdout.write(`${JSON.stringify({ verdicts, addresses: seen.names[lab.hosts.httpbin]?.system })}\n`);
