import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DnsJob, resultOf } from '../../../src/agent/program/job.ts';
import { containerProbe } from '../../../src/agent/exec-probe.ts';
import { engineBehind } from './support/local-engine.ts';
import { Running } from './support/running.ts';

/*
 * A machine without a route: its name server knows the lab's names, and says nothing about others, because
 * it cannot ask anybody. Once in two runs `up` was red there, all that is asked from the non-mesh client unknown:
 * a name that it has to know waited behind two that nobody knows.
 */

const KNOWN = { name: 'httpbin.mesh.test', address: '172.30.0.7' };
const NAME_SERVER = join(import.meta.dirname, 'support', 'name-server.ts');

let dir: string;
let nameServer: Running;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'meshdev-names-'));
  const resolver = join(dir, 'resolv.conf');
  await writeFile(resolver, 'nameserver 127.0.0.1\n');
  const script = 'ip link set lo up && mount --bind "$0" /etc/resolv.conf && exec "$@"';
  const start = [process.execPath, NAME_SERVER, KNOWN.name, KNOWN.address];
  nameServer = new Running('unshare', ['--net', '--mount', 'sh', '-c', script, resolver, ...start]);
  await nameServer.line(/listening/);
});

afterAll(async () => {
  await nameServer.stop();
  await rm(dir, { recursive: true, force: true });
});

const ask = (name: string, timeoutMs: number): DnsJob => ({ kind: 'dns', id: name, name, timeoutMs });

it('a name that is known does not wait for those that nobody answers for', async () => {
  const over = new AbortController();
  const there = engineBehind(['nsenter', '--target', String(nameServer.child.pid), '--net', '--mount']);
  const probe = containerProbe(there, 'probe', over.signal);
  const silent = Array.from({ length: 8 }, (_, at) => ask(`silent-${at}.mesh.test`, 4_000));
  try {
    const [others, results] = await Promise.all([
      probe.ask(silent, over.signal),
      probe.ask([ask(KNOWN.name, 3_000)], over.signal),
    ]);
    expect(resultOf(results, 'dns', KNOWN.name)).toMatchObject({
      lookup: { addresses: [KNOWN.address] },
      a: { addresses: [KNOWN.address] },
    });
    // Else nothing was in its way.
    expect(others.map((one) => one.kind === 'dns' && one.lookup)).toEqual(
      silent.map(() => ({ error: 'TIMEOUT' })),
    );
  } finally {
    over.abort();
  }
});
