import { APP_ID } from '../../sample/names.ts';
import { freeSubnets } from '../../engine/address-pools.ts';
import { heldByEdge, portProblem } from '../../host/judges/port-problem.ts';
import { overlap, parseSubnet } from '../../host/judges/subnet.ts';
import type { EngineInfo, Network } from '../../ports/container-engine.ts';
import type { Link, PortFinding, Route } from '../../ports/host-facts.ts';
import type { Lab } from '../../topology/lab.ts';
import { type About, fatal, type FindingKind, given, type Judgement, ok, skip, warn } from '../finding.ts';

export const NETWORK_FINDINGS: readonly FindingKind[] = [
  {
    id: 'MD-HOST-006',
    subject: 'network',
    title: 'the port of the edge is free on 127.0.0.1 and ::1, and this user may listen on it',
    why: 'another program would answer instead of the edge, or the edge cannot start',
    worst: 'fatal',
    judge: ({ port }, { lab }) => given(port, (finding) => portOf(finding, lab)),
  },
  {
    id: 'MD-HOST-007',
    subject: 'network',
    title: 'no route of this machine overlaps the subnets of the lab, or all that it could get',
    why: 'a VPN or a LAN with the same addresses receives the packets for the lab, or the lab hides hosts of the VPN',
    worst: 'warn',
    judge: ({ engine, networks, routes }, { lab }) =>
      given(engine, ({ info }) =>
        given(networks, (all) => given(routes, (known) => routesOf(info, all, known, lab))),
      ),
  },
  {
    id: 'MD-HOST-010',
    subject: 'network',
    title: 'proxy settings of the environment leave the zone of the lab alone',
    why: 'curl and other clients send requests for the lab, with their tokens, to the proxy',
    worst: 'warn',
    judge: (_, about) => proxiesOf(about),
  },
  {
    id: 'MD-HOST-024',
    subject: 'network',
    title: 'no container network has a larger MTU than the default route',
    why: 'large packets of containers are lost on the way: TLS handshakes and downloads hang, small requests work',
    worst: 'warn',
    judge: ({ links, routes }) => given(links, (all) => given(routes, (known) => mtuOf(all, known))),
  },
];

function portOf(finding: PortFinding, lab: Lab): Judgement {
  if (heldByEdge(finding, lab)) return ok(`the edge of lab ${lab.name} listens on port ${finding.port}`);
  const problem = portProblem(finding);
  return problem === undefined ? ok(`port ${finding.port} is free`) : fatal(problem);
}

/** Names of interfaces that VPNs make. */
const VPN = /^(?:tun|tap|wg|ppp|utun|tailscale|zt|nebula|ipsec|cscotun|gpd)/;

/** Routes for half of the internet or more: they stand for the default route. */
const WIDE = 1;

function routesOf(
  info: EngineInfo,
  networks: readonly Network[],
  routes: readonly Route[],
  lab: Lab,
): Judgement {
  const own = networks.filter(({ name }) => [lab.network, lab.idpNetwork].includes(name));
  if (own.length === 0) return beforeNetworks(info, networks, routes);
  const clashes = own.flatMap(({ id, subnets }) =>
    subnets.flatMap((subnet) =>
      routes
        .filter((route) => !isBridgeOf(route.device, id) && clash(subnet, route.destination))
        .map((route) => `${subnet} overlaps the route ${describeRoute(route)}`),
    ),
  );
  const subnets = own.flatMap((network) => network.subnets).join(', ');
  if (clashes.length === 0) return ok(`${subnets}, among ${routes.length} routes`);
  return warn(clashes.join(' · '), [
    ...OTHER_SUBNETS,
    `meshdev down --name ${lab.name} && meshdev up --name ${lab.name}`,
  ]);
}

const OTHER_SUBNETS = [
  'disconnect the VPN, or exclude these addresses in its settings',
  'add "default-address-pools": [{ "base": "10.210.0.0/16", "size": 24 }] to /etc/docker/daemon.json, then restart Docker',
];

/** The lab has none yet: whether the engine has subnets for both that no route leads to. */
function beforeNetworks(info: EngineInfo, networks: readonly Network[], routes: readonly Route[]): Judgement {
  const routed = routes.map(({ destination }) => destination).filter((destination) => !isWide(destination));
  const free = freeSubnets(info, [...networks.flatMap(({ subnets }) => subnets), ...routed]);
  if (free.length >= 2) return ok(`${free.length} subnets of the engine are free of routes`);
  const devices = [...new Set(routes.map(describeRoute))].join(', ');
  return warn(
    `the routes of this machine leave ${free.length} subnets of the engine, and a lab needs 2: ${devices}`,
    OTHER_SUBNETS,
  );
}

function isWide(destination: string): boolean {
  return (parseSubnet(destination)?.prefix ?? 0) <= WIDE;
}

function describeRoute({ destination, device }: Route): string {
  return `${destination} of ${device}${VPN.test(device) ? ', a VPN' : ''}`;
}

/** Docker names the bridge of a network by the beginning of its id. */
function isBridgeOf(device: string, id: string): boolean {
  return device === `br-${id.slice(0, 12)}`;
}

function clash(subnet: string, destination: string): boolean {
  const [one, other] = [parseSubnet(subnet), parseSubnet(destination)];
  return one !== undefined && other !== undefined && other.prefix > WIDE && overlap(one, other);
}

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

function proxiesOf({ env, lab }: About): Judgement {
  const set = PROXIES.filter((name) => (env[name] ?? '') !== '');
  if (set.length === 0) return ok('no proxy is set');
  const exceptions = `${env['NO_PROXY'] ?? ''},${env['no_proxy'] ?? ''}`.split(',').map((one) => one.trim());
  const hosts = [lab.hosts[APP_ID], lab.hosts.auth];
  const covered = hosts.every((host) => exceptions.some((exception) => covers(exception, host)));
  if (covered) return ok(`${set.join(', ')} is set, and NO_PROXY covers ${lab.domain}`);
  const value = [
    ...new Set([...exceptions.filter((one) => one !== ''), lab.domain, '127.0.0.1', '::1']),
  ].join(',');
  return warn(`${set.join(', ')} is set, and NO_PROXY does not cover ${lab.domain}`, [
    `export NO_PROXY=${value} no_proxy=${value}`,
  ]);
}

/** As curl and Go read NO_PROXY: a name stands for itself and for all names below it. */
function covers(exception: string, host: string): boolean {
  const name = exception.toLowerCase().replace(/^\*?\./, '');
  return name === '*' || (name !== '' && (host === name || host.endsWith(`.${name}`)));
}

function mtuOf(links: readonly Link[], routes: readonly Route[]): Judgement {
  const device = routes.find(({ destination }) => destination === '0.0.0.0/0')?.device;
  const way = links.find(({ name }) => name === device);
  if (way === undefined) return skip('this machine has no default route');
  const larger = links.filter(({ bridge, mtu }) => bridge && mtu > way.mtu);
  if (larger.length === 0) return ok(`the MTU of ${way.name} is ${way.mtu}`);
  const names = larger.map(({ name, mtu }) => `${name} has ${mtu}`).join(', ');
  return warn(`the MTU of ${way.name}, which has the default route, is ${way.mtu}; ${names}`, [
    `set "mtu": ${way.mtu} in /etc/docker/daemon.json, restart Docker, then recreate the lab`,
  ]);
}
