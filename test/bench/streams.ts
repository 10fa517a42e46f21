import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { pause } from '../../src/run/wait-until.ts';
import { interruption, say } from './support/bench.ts';
import { run } from './support/run.ts';
import { streamFile } from './support/service-file.ts';
import { openServiceLab, type ServiceLab } from './support/service-lab.ts';
import { table } from './support/table.ts';

/*
 * A large upload and a long stream through the whole chain, and the memory of edge, gateway and sidecar meanwhile.
 * Usage: node test/bench/streams.ts [--megabytes 1024] [--minutes 20] [--lab NAME] [-o json]
 * The services of a lab that is lent are replaced. It runs on an engine of this machine: the memory of the edge is read
 * from /proc.
 */

const SAMPLE_MS = 2_000;
const MIB = 1024 * 1024;
const signal = interruption();

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1024' },
    minutes: { type: 'string', default: '20' },
    lab: { type: 'string' },
    output: { type: 'string', short: 'o', default: 'text' },
  },
});

/** Bytes in use, by component. */
type Memory = Readonly<Record<'edge' | 'gateway' | 'sidecar', number>>;

interface Watched {
  readonly what: string;
  readonly seconds: number;
  /** Bytes that the other end says it received. */
  readonly bytes: number;
  readonly before: Memory;
  readonly most: Memory;
}

async function memory(lab: ServiceLab): Promise<Memory> {
  const [edge, gateway, sidecar] = await Promise.all([
    edgeMemory(lab.name),
    proxyMemory('istio-ingress', 'deploy/gateway', lab),
    proxyMemory('apps', 'deploy/streams', lab),
  ]);
  return { edge, gateway, sidecar };
}

/** Resident memory of Caddy's process. */
async function edgeMemory(lab: string): Promise<number> {
  const argv = ['inspect', '--format', '{{.State.Pid}}', `meshdev-${lab}-edge`];
  const pid = (await run('docker', argv, { signal })).trim();
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** What Envoy has allocated (admin endpoint `/memory`). */
async function proxyMemory(namespace: string, pod: string, lab: ServiceLab): Promise<number> {
  const asked = ['pilot-agent', 'request', 'GET', 'memory'];
  const argv = ['-n', namespace, 'exec', pod, '-c', 'istio-proxy', '--', ...asked];
  const answer = await lab.kubectl(argv);
  return Number(z.object({ allocated: z.string() }).parse(JSON.parse(answer)).allocated);
}

/** Runs curl, feeds it so many bytes, and looks at the memory until it has ended. */
async function watch(what: string, feed: number, argv: readonly string[], lab: ServiceLab): Promise<Watched> {
  const before = await memory(lab);
  const began = performance.now();
  const child = spawn('curl', ['--silent', '--show-error', '--fail', ...argv], {
    stdio: ['pipe', 'pipe', 'inherit'],
    signal,
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-200)));
  const ended = once(child, 'close');
  const fed = write(child.stdin, feed);
  let most = before;
  while (child.exitCode === null && child.signalCode === null) {
    const now = await memory(lab);
    most = {
      edge: Math.max(most.edge, now.edge),
      gateway: Math.max(most.gateway, now.gateway),
      sidecar: Math.max(most.sidecar, now.sidecar),
    };
    await Promise.race([ended, pause(SAMPLE_MS, signal)]);
  }
  const [code] = await ended;
  await fed;
  if (code !== 0) throw new Error(`${what}: curl ended with ${String(code)}`);
  const bytes = Number(/(\d+)\s*$/.exec(printed)?.[1]);
  return { what, seconds: (performance.now() - began) / 1000, bytes, before, most };
}

async function write(to: NodeJS.WritableStream, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(MIB);
  for (let left = bytes; left > 0; left -= chunk.length)
    if (!to.write(chunk.subarray(0, Math.min(left, chunk.length)))) await once(to, 'drain');
  to.end();
}

function asText(all: readonly Watched[]): string {
  const mib = (bytes: number): string => (bytes / MIB).toFixed(1);
  const grew = ({ before, most }: Watched, component: keyof Memory): string =>
    `${mib(before[component])} → ${mib(most[component])}`;
  return table([
    ['memory in MiB: before → most', 's', 'MiB', 'edge', 'gateway', 'sidecar'],
    ...all.map((one) => [
      `  ${one.what}`,
      one.seconds.toFixed(1),
      mib(one.bytes),
      grew(one, 'edge'),
      grew(one, 'gateway'),
      grew(one, 'sidecar'),
    ]),
  ]);
}

const upload = Number(values.megabytes) * MIB;
const seconds = Number(values.minutes) * 60;
try {
  const own = { name: 'bench-streams', httpsPort: '9545' };
  await using lab = await openServiceLab({ own, lent: values.lab, signal });
  await lab.up(streamFile(lab.image));
  const { MESHDEV_CA: ca, MESHDEV_ISSUER: issuer } = z
    .object({ MESHDEV_CA: z.string(), MESHDEV_ISSUER: z.string() })
    .parse(JSON.parse(await lab.meshdev(['env', '-o', 'json'])));
  const origin = issuer.replace('//auth.', '//streams.');
  const token = (await lab.meshdev(['token', 'alice', '--service', 'streams'])).trim();
  // Not in the arguments of the process, where everybody reads it.
  const header = join(lab.dir, 'header');
  await writeFile(header, `Authorization: Bearer ${token}\n`, { mode: 0o600 });
  const common = ['--cacert', ca, '--header', `@${header}`, '--no-buffer'];
  say(`uploading ${values.megabytes} MiB`);
  const uploaded = await watch('upload', upload, [...common, '--upload-file', '-', `${origin}/upload`], lab);
  say(`a stream of ${values.minutes} minutes`);
  const streamed = await watch('stream', 0, [...common, `${origin}/stream?seconds=${seconds}`], lab);
  const watched = [uploaded, streamed];
  const document = { schemaVersion: '1', kind: 'StreamsBench', watched };
  process.stdout.write(values.output === 'json' ? `${JSON.stringify(document, null, 2)}\n` : asText(watched));
} catch (error) {
  if (!signal.aborted) throw error;
}
