import { readFile } from 'node:fs/promises';
import { hrtime } from 'node:process';
import type { ClockReading, Clocks } from '../../evidence/certificates.ts';
import { textOf } from '../../errors/meshdev-error.ts';
import { podOf } from '../../agent/exec-probe.ts';
import type { Needs } from '../probe-context.ts';

const ARGV = ['date', '+%s.%N'] as const;
const TIMEOUT_MS = 8_000;

/** The clocks of all components against this machine’s. Each answer was given somewhere within its round trip. */
export async function collectClocks(probeContext: Needs<'context' | 'engine' | 'signal'>): Promise<Clocks> {
  const { context, engine, signal } = probeContext;
  const { lab, cluster } = context;
  const inContainer = (name: string) => async () => {
    const { stdout } = await engine.containers.exec(name, { argv: ARGV, timeoutMs: TIMEOUT_MS }, signal);
    return Number(stdout.toString('utf8')) * 1000;
  };
  const pod = await podOf(cluster, lab, 'intruder', signal).catch(textOf);
  const inPod = async () => {
    if (typeof pod === 'string') throw new Error(pod);
    const call = { ...pod, container: 'probe', argv: ARGV, timeoutMs: TIMEOUT_MS, signal };
    return Number((await cluster.exec(call)).stdout.toString('utf8')) * 1000;
  };
  return {
    readings: await Promise.all([
      read('engine', async () => Date.parse((await engine.info(signal)).systemTime)),
      read('node', inContainer(lab.cluster.node)),
      read('pod', inPod),
      read('idp', inContainer(lab.containers.idp)),
    ]),
    sleptMs: await sleptMs(),
  };
}

async function read(component: ClockReading['component'], ask: () => Promise<number>): Promise<ClockReading> {
  const began = Date.now();
  try {
    const theirs = await ask();
    const ended = Date.now();
    if (!Number.isFinite(theirs))
      return { component, seen: { kind: 'unread', because: 'it returned no time' } };
    const offsetMs = Math.round(theirs - (began + ended) / 2);
    return { component, seen: { kind: 'read', offsetMs, roundTripMs: ended - began } };
  } catch (thrown) {
    return { component, seen: { kind: 'unread', because: textOf(thrown) } };
  }
}

/** Linux only: /proc/uptime counts sleep, the monotonic clock does not. */
async function sleptMs(): Promise<number | undefined> {
  try {
    const uptime = Number((await readFile('/proc/uptime', 'utf8')).split(' ')[0]) * 1000;
    return Math.max(0, Math.round(uptime - Number(hrtime.bigint() / 1_000_000n)));
  } catch {
    return undefined;
  }
}
