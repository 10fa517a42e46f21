import { readFile } from 'node:fs/promises';
import { isLive } from '../engine/is-live.ts';
import type { Container } from '../ports/container-engine.ts';
import type { PortFinding, PortHolder } from '../ports/host-facts.ts';
import { listenOnce, probeBind, type BindOutcome } from './bind-probe.ts';
import { findSocketOwner } from './socket-owner.ts';

/** Ports that people recognise, before any odd one. */
const FAMILIAR = [8443, 9443, 10_443, 4443];
const ADDRESSES = ['127.0.0.1', '::1'];
/** Host addresses of published ports that loopback reaches; empty means every address. */
const REACHED = new Set(['', '0.0.0.0', '::', ...ADDRESSES]);

/**
 * Whether the edge could have this port on loopback now, and if not, who has it.
 * @param containers all that the engine runs: some setups publish ports without any listening process
 * @param rootless whether the engine has no more rights to low ports than we have
 */
export async function observePort(
  port: number,
  containers: readonly Container[],
  rootless: boolean,
): Promise<PortFinding> {
  const publisher = publisherOf(containers, port);
  const outcomes = await Promise.all(ADDRESSES.map((address) => probeBind(address, port)));
  if (publisher !== undefined || outcomes.some((outcome) => outcome.kind === 'taken')) {
    return { kind: 'taken', port, holder: await holderOf(port, publisher), suggestion: await suggestPort() };
  }
  if (rootless && isForbidden(outcomes))
    return { kind: 'forbidden', port, floor: await lowestFreePort(), suggestion: await suggestPort() };
  return { kind: 'free', port };
}

function isForbidden(outcomes: readonly BindOutcome[]): boolean {
  return outcomes.some((outcome) => outcome.kind === 'forbidden');
}

/** The container that publishes a port on an address that loopback reaches. */
export function publisherOf(containers: readonly Container[], port: number): Container | undefined {
  return containers.find(
    (container) =>
      isLive(container) &&
      container.ports.some(
        (one) => one.protocol === 'tcp' && one.hostPort === port && REACHED.has(one.hostAddress),
      ),
  );
}

async function holderOf(port: number, publisher: Container | undefined): Promise<PortHolder> {
  if (publisher !== undefined) return { kind: 'container', container: publisher };
  const owner = await findSocketOwner(port);
  return owner === undefined ? { kind: 'hidden' } : { kind: 'process', owner };
}

/** A port that both loopback addresses give now. */
export async function suggestPort(): Promise<number> {
  for (const port of FAMILIAR) {
    const outcomes = await Promise.all(ADDRESSES.map((address) => probeBind(address, port)));
    if (outcomes.every((outcome) => outcome.kind === 'free' || outcome.kind === 'absent')) return port;
  }
  return listenOnce('127.0.0.1', 0);
}

/** net.ipv4.ip_unprivileged_port_start; 1024 where the system has no such setting. */
async function lowestFreePort(): Promise<number> {
  const text = await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8').catch(() => '');
  return Number.parseInt(text, 10) || 1024;
}
