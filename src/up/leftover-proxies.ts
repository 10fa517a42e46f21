import { BlockList, isIPv4 } from 'node:net';
import { engineFiles } from '../engine/engine-files.ts';
import { isLive } from '../engine/is-live.ts';
import { proxiesOfDeadEngine } from '../engine/leftovers.ts';
import { describeProxy, endProxies, orphanedProxies, type PortProxy } from '../engine/port-proxies.ts';
import type { Container, ContainerEngine } from '../ports/container-engine.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { Lab } from '../topology/lab.ts';
import type { LabContext } from '../lab/lab-context.ts';

/** What is known of the lab's ports when a proxy is judged. */
export interface ProxyFacts {
  readonly ports: readonly number[];
  readonly subnets: readonly string[];
  /** Addresses of containers that run: a proxy that leads to one of them works. */
  readonly addresses: readonly string[];
}

/**
 * Pure: the proxies that may be ended. Each has no engine, holds a port of the lab and leads to an address in the
 * lab's networks that no running container has.
 */
export function leadNowhere(
  orphans: readonly PortProxy[],
  { ports, subnets, addresses }: ProxyFacts,
): readonly PortProxy[] {
  const networks = new BlockList();
  for (const subnet of subnets) {
    const [address = '', prefix] = subnet.split('/');
    if (isIPv4(address)) networks.addSubnet(address, Number(prefix));
  }
  return orphans.filter(
    ({ hostPort, containerAddress }) =>
      ports.includes(hostPort) && networks.check(containerAddress) && !addresses.includes(containerAddress),
  );
}

/**
 * The leftovers that `up` may end: of an engine that meshdev started, by all that is known. Where no engine answers
 * now, those of the one that died, which starting it ends.
 */
export async function leftoverProxies(
  context: Pick<LabContext, 'lab' | 'paths' | 'engines' | 'reachEngine'>,
  signal: AbortSignal,
): Promise<readonly PortProxy[]> {
  const reached = await context.reachEngine(signal);
  if (reached === undefined) return proxiesOfDeadEngine(engineFiles(context.paths.stateDir));
  const orphans = await orphanedProxies();
  if (orphans.length === 0) return [];
  const left = leadNowhere(orphans, await factsOf(reached.engine, context.lab, signal));
  if (left.length === 0) return [];
  const status = await context.engines.status(signal);
  return status.kind === 'up' && status.record !== undefined ? left : [];
}

/** Frees the ports of the lab before anything is started on them. */
export async function endLeftovers(
  context: Parameters<typeof leftoverProxies>[0],
  { signal, progress }: RunScope,
): Promise<void> {
  const left = await leftoverProxies(context, signal);
  for (const proxy of left) progress(`ending ${describeProxy(proxy)}`);
  await endProxies(left, signal);
}

async function factsOf(engine: ContainerEngine, lab: Lab, signal: AbortSignal): Promise<ProxyFacts> {
  const [containers, ...networks] = await Promise.all([
    engine.containers.list({}, signal),
    engine.networks.inspect(lab.network, signal),
    engine.networks.inspect(lab.idpNetwork, signal),
  ]);
  const own = containers.filter(({ name }) => [lab.containers.edge, lab.cluster.node].includes(name));
  return {
    ports: [lab.httpsPort, ...own.flatMap(({ ports }) => ports.map(({ hostPort }) => hostPort))],
    subnets: networks.flatMap((network) => network?.subnets ?? []),
    addresses: containers.filter(isLive).flatMap(addressesOf),
  };
}

function addressesOf({ networks }: Container): readonly string[] {
  return networks.map(({ address }) => address);
}
