import { readFile } from 'node:fs/promises';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Container } from '../ports/container-engine.ts';
import { listenOnce, probeBind, type BindOutcome } from './bind-probe.ts';
import { findSocketOwner, type SocketOwner } from './socket-owner.ts';

/** Who has a port: a container that publishes it is more telling than the engine's proxy process. */
export type PortHolder =
  | { readonly kind: 'container'; readonly container: Container }
  | { readonly kind: 'process'; readonly owner: SocketOwner }
  | { readonly kind: 'hidden' };

export type PortFinding =
  | { readonly kind: 'free'; readonly port: number }
  /** `suggestion` is a port that could be had a moment ago. */
  | {
      readonly kind: 'taken';
      readonly port: number;
      readonly holder: PortHolder;
      readonly suggestion: number;
    }
  | {
      readonly kind: 'forbidden';
      readonly port: number;
      readonly floor: number;
      readonly suggestion: number;
    };

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

/** The running container that publishes a port on an address that loopback reaches. */
export function publisherOf(containers: readonly Container[], port: number): Container | undefined {
  return containers.find(
    ({ state, ports }) =>
      state === 'running' &&
      ports.some((one) => one.protocol === 'tcp' && one.hostPort === port && REACHED.has(one.hostAddress)),
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

/** The error for a port that cannot be had, or undefined when it is free. Pure. */
export function portProblem(finding: PortFinding): MeshdevError | undefined {
  switch (finding.kind) {
    case 'free':
      return undefined;
    case 'taken':
      return new MeshdevError('PORT_TAKEN', {
        message: `looking for port ${finding.port} on loopback · ${nameOf(finding.holder)} uses it`,
        remedies: [
          `meshdev up --https-port ${finding.suggestion}`,
          ...remediesFor(finding.holder, finding.port),
        ],
        details: { port: finding.port, holder: finding.holder.kind },
      });
    case 'forbidden':
      return new MeshdevError('PORT_NOT_ALLOWED', {
        message: `looking for port ${finding.port} on loopback · this user may listen only on ports from ${finding.floor}`,
        remedies: [
          `meshdev up --https-port ${finding.suggestion}`,
          `sudo sysctl net.ipv4.ip_unprivileged_port_start=${finding.port}`,
        ],
      });
  }
}

function nameOf(holder: PortHolder): string {
  switch (holder.kind) {
    case 'container':
      return `container ${holder.container.name} (image ${holder.container.image})`;
    case 'process':
      return `${holder.owner.program} (process ${holder.owner.pid})`;
    case 'hidden':
      return 'a process that meshdev is not permitted to inspect';
  }
}

function remediesFor(holder: PortHolder, port: number): readonly string[] {
  switch (holder.kind) {
    case 'container':
      return [`docker stop ${holder.container.name}`];
    case 'process':
      return [`kill ${holder.owner.pid}`];
    case 'hidden':
      return [`sudo lsof -nP -iTCP:${port} -sTCP:LISTEN`];
  }
}
