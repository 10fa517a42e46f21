import type { ClusterState } from '../evidence/cluster-state.ts';
import type { FilterChain, ProxySeen } from '../evidence/proxies.ts';
import { fail, pass, unknown } from './check.ts';
import type { Verdict } from './verdict.ts';

/** Port that the gateway's pods listen on for the zone. */
export const LISTENER_PORT = 8443;

/** All chains of the public port: one without TLS is as much a way in. */
export function publicChains({ listeners }: ProxySeen): readonly FilterChain[] {
  return listeners.filter(({ port }) => port === LISTENER_PORT).flatMap(({ chains }) => chains);
}

/** Istio merges two owners into one route table without a word; the order of their rules is by age. */
export function oneOwner({ virtualServices }: Pick<ClusterState, 'virtualServices'>, host: string): Verdict {
  const owners = virtualServices.filter(({ hosts }) => hosts.includes(host));
  const wide = virtualServices.filter(
    ({ hosts, gateways }) =>
      hosts.some((one) => one.includes('*')) && !gateways.every((name) => name === 'mesh'),
  );
  const names = (services: ClusterState['virtualServices']) => services.map(({ name }) => name).join(' and ');
  if (wide.length > 0)
    return fail('GW_WILDCARD_HOST', `VirtualService ${names(wide)} matches undeclared hosts`);
  if (owners.length > 1) return fail('GW_HOST_TWICE', `${host} is routed by VirtualService ${names(owners)}`);
  return owners.length === 1 ? pass(names(owners)) : fail('GW_NO_ROUTE', `no VirtualService routes ${host}`);
}

/** Where a public host has to lead. */
export interface HostRoute {
  readonly host: string;
  /** Name of its service inside the cluster. */
  readonly to: string;
}

export function ownRoute(gateway: ProxySeen | undefined, { host, to }: HostRoute): Verdict {
  if (gateway === undefined) return unknown('NO_PROXIES', 'the gateway’s routes could not be read');
  const tables = new Set(publicChains(gateway).flatMap(({ http }) => http?.routes ?? []));
  const hosts = gateway.routes.filter(({ name }) => tables.has(name)).flatMap((table) => table.hosts);
  const own = hosts.filter(({ domains }) => domains.some((domain) => sameHost(domain, host)));
  if (own.length === 0) return fail('GW_NO_ROUTE', `the gateway has no route for ${host}`);
  const strangers = own
    .flatMap(({ routes }) => routes)
    .filter(({ cluster }) => cluster === undefined || !isServiceOf(cluster, to));
  return strangers.length === 0
    ? pass(host)
    : fail(
        'GW_OTHER_BACKEND',
        `the gateway routes ${host}${strangers[0]?.path ?? ''} to ${strangers[0]?.cluster ?? 'no cluster'}`,
      );
}

/** A cluster of Envoy is the service of that name inside the cluster. */
export function isServiceOf(cluster: string, host: string): boolean {
  return cluster.replace(/;$/, '').endsWith(`||${host}`);
}

function sameHost(domain: string, host: string): boolean {
  return domain === host || domain.startsWith(`${host}:`);
}
