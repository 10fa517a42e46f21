import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { z } from 'zod';
import { parseProcNetTcp } from '../../src/host/proc-net.ts';
import { findSocketOwner } from '../../src/host/socket-owner.ts';
import { waitUntil } from '../../src/run/wait-until.ts';
import { LABEL } from '../../src/topology/labels.ts';
import { must } from './e2e-program.ts';

/** All that a lab may touch on a machine, as sorted lines that read well in a diff. */
export interface Machine {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  readonly listeners: readonly string[];
  readonly processes: readonly string[];
  readonly files: readonly string[];
  /** Of the user who runs the tests, and of the machine: digests of what no lab may change. */
  readonly untouchable: Readonly<Record<string, string>>;
}

const Inspected = z.array(
  z.object({
    Name: z.string(),
    State: z.object({ Status: z.string() }),
    Config: z.object({ Labels: z.record(z.string(), z.string()).nullable() }),
    Mounts: z.array(z.object({ Name: z.string().optional() })),
    NetworkSettings: z.object({
      Ports: z.record(z.string(), z.array(z.object({ HostPort: z.string() })).nullable()).nullable(),
    }),
  }),
);

type Inspected = z.infer<typeof Inspected>[number];

/** @param lab what other labs of this machine do meanwhile is left out */
export async function snapshot(lab: string, home: string): Promise<Machine> {
  const before = await inspectAll();
  const [networks, volumes, listeners, processes, files, untouchable] = await Promise.all([
    networkNames(lab),
    dockerLines(['volume', 'ls', '--format', '{{.Name}}']),
    lastingListeners(),
    processesWith([`meshdev-${lab}`, home]),
    filesBelow(home),
    digests(),
  ]);
  const after = await inspectAll();
  const isOther = (container: Inspected): boolean => ![undefined, lab].includes(labOf(container));
  // Another lab may have come or gone between the looks.
  const others = [...before, ...after].filter(isOther);
  const volumesOfOthers = new Set(others.flatMap(({ Mounts }) => Mounts.flatMap(({ Name }) => Name ?? [])));
  const portsOfOthers = new Set(others.flatMap(portsOf));
  const own = after.filter((container) => !isOther(container));
  return {
    containers: own.map(({ Name, State }) => `${Name.slice(1)} ${State.Status}`).toSorted(),
    networks,
    volumes: volumes.filter((name) => !volumesOfOthers.has(name)).toSorted(),
    listeners: listeners
      .filter(({ port }) => !portsOfOthers.has(port))
      .map(({ line }) => line)
      .toSorted(),
    processes,
    files,
    untouchable,
  };
}

/** What a lab of another file is making at this moment is nobody's yet: a volume is there before its container. */
const PASSING = { timeout: 20_000, interval: 1_000 } as const;

/** The machine once two looks say the same. */
export async function settledSnapshot(lab: string, home: string): Promise<Machine> {
  let before = await snapshot(lab, home);
  return waitUntil(
    async () => {
      const now = await snapshot(lab, home);
      const isSame = isDeepStrictEqual(now, before);
      before = now;
      return isSame ? { done: now } : { seen: 'what changes' };
    },
    {
      what: 'the machine to hold still',
      timeoutMs: PASSING.timeout,
      intervalMs: PASSING.interval,
      signal: AbortSignal.timeout(120_000),
    },
  );
}

/** Waits until the machine is as it was: what passes is gone soon, and what was left behind is not. */
export async function expectAsBefore(lab: string, home: string, before: Machine): Promise<void> {
  await expect.poll(() => snapshot(lab, home), PASSING).toEqual(before);
}

async function inspectAll(): Promise<readonly Inspected[]> {
  const ids = await dockerLines(['ps', '--all', '--quiet']);
  if (ids.length === 0) return [];
  const found = await Promise.all(
    ids.map((id) =>
      must('docker', ['inspect', id]).then(
        (text) => Inspected.parse(JSON.parse(text)),
        () => [],
      ),
    ),
  );
  return found.flat();
}

/** The lab that a container says it belongs to; nodes carry kind's label instead, and benches only a name. */
function labOf({ Name, Config }: Inspected): string | undefined {
  const labels = Config.Labels ?? {};
  const name = /^\/meshdev-(.+)-(?:edge|idp|probe)$/.exec(Name)?.[1];
  return labels[LABEL.lab] ?? labels['io.x-k8s.kind.cluster']?.replace(/^meshdev-/, '') ?? name;
}

function portsOf({ NetworkSettings }: Inspected): readonly number[] {
  return Object.values(NetworkSettings.Ports ?? {}).flatMap((bindings) =>
    (bindings ?? []).map(({ HostPort }) => Number(HostPort)),
  );
}

async function networkNames(lab: string): Promise<readonly string[]> {
  const names = await dockerLines(['network', 'ls', '--format', '{{.Name}}']);
  return names.filter((name) => name === `meshdev-${lab}` || !name.startsWith('meshdev-')).toSorted();
}

async function dockerLines(argv: readonly string[]): Promise<readonly string[]> {
  return (await must('docker', argv)).split('\n').filter((line) => line !== '');
}

interface Listener {
  readonly line: string;
  readonly port: number;
}

/** Those of two looks: of a program that ends between table and owner nobody is seen. */
async function lastingListeners(): Promise<readonly Listener[]> {
  const first = new Set((await listenersNow()).map(({ line }) => line));
  return (await listenersNow()).filter(({ line }) => first.has(line));
}

/** What the engine publishes; other programs of the machine come and go as they like. */
async function listenersNow(): Promise<readonly Listener[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')));
  const seen = await Promise.all(
    tables.flatMap(parseProcNetTcp).map(async ({ address, port }) => {
      const program = (await findSocketOwner(port))?.program ?? 'nobody seen';
      return { line: `${address}:${port} ${program}`, port, program };
    }),
  );
  return seen.filter(({ program }) => /^(docker|containerd|nobody)/.test(program));
}

/** Processes that carry one of these words in their command line. */
export async function processesWith(words: readonly string[]): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines
    .map((line) => line.replaceAll('\0', ' ').trim())
    .filter((line) => words.some((word) => line.includes(word)))
    .toSorted();
}

/** Caches and counters that programs keep for themselves: Node.js's compiled code, Go's own telemetry. */
const OF_OTHERS = /node-compile-cache|\.config(\/go(\/telemetry|$)|$)/;

/** Names only. */
async function filesBelow(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true });
  return entries.filter((entry) => !OF_OTHERS.test(entry)).toSorted();
}

async function digests(): Promise<Readonly<Record<string, string>>> {
  const paths = [
    '/etc/hosts',
    '/etc/ssl/certs',
    '/usr/local/share/ca-certificates',
    '/etc/docker',
    join(homedir(), '.kube'),
    join(homedir(), '.pki'),
    join(homedir(), '.docker'),
  ];
  const found = await Promise.all(paths.map(async (path) => [path, await digestOf(path)] as const));
  return Object.fromEntries(found);
}

/** Of names, sizes and times of change: enough to notice any write. */
async function digestOf(path: string): Promise<string> {
  const entries: string[] = await readdir(path, { recursive: true }).catch(() => []);
  const lines = await Promise.all(
    ['', ...entries.toSorted()].map(async (entry) => {
      const stats = await lstat(join(path, entry)).catch(() => undefined);
      return `${entry} ${stats?.size} ${stats?.mtimeMs}`;
    }),
  );
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}
