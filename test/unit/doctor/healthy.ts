import type { About } from '../../../src/doctor/finding.ts';
import type { Container, Network } from '../../../src/ports/container-engine.ts';
import type { Fact, HostFactMap, HostFacts, Space } from '../../../src/ports/host-facts.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { FAKE_INFO } from '../../support/fake-engine.ts';

/* A machine on which nothing is wrong; injections change one fact of it. */

export const NOW = Date.UTC(2026, 5, 1, 12);
export const LAB = createLab(DEFAULT_CHOICE);

export const ABOUT: About = {
  lab: LAB,
  paths: { cacheDir: '/home/ana/.cache/meshdev', stateDir: '/home/ana/.local/state/meshdev' },
  env: {},
  version: '0.2.0',
};

export const SPACE: Space = {
  at: '/home/ana',
  freeBytes: 100e9,
  freeInodes: 1_000_000,
  inodes: 10_000_000,
  writable: true,
  owned: { mode: 0o700, uid: 1000 },
  networkFileSystem: undefined,
};

export function networkOf(name: string, subnet: string, id: string): Network {
  return { id, name, labels: {}, subnets: [subnet], ipv6: false, containers: [] };
}

export function containerOf(name: string, labels: Readonly<Record<string, string>> = {}): Container {
  return {
    id: `id-of-${name}`,
    name,
    image: 'web:1',
    imageId: 'sha256:1',
    labels,
    state: 'running',
    health: 'none',
    exitCode: 0,
    outOfMemory: false,
    restarts: 0,
    startedAt: new Date(NOW).toISOString(),
    ports: [],
    networks: [],
    mounts: [],
  };
}

const HOSTS = [LAB.hosts.httpbin, LAB.hosts.auth];
const answers = HOSTS.map((name) => ({ name, addresses: ['127.0.0.1', '::1'], error: undefined }));

export const ENGINE: HostFactMap['engine'] = {
  endpoint: { kind: 'socket', path: '/var/run/docker.sock' },
  info: {
    ...FAKE_INFO,
    version: '29.1.3',
    os: 'Debian GNU/Linux 13',
    systemTime: new Date(NOW).toISOString(),
  },
  askedAt: NOW - 5,
  answeredAt: NOW + 5,
  diskIsHere: true,
};

export const VALUES: HostFactMap = {
  machine: {
    platform: 'linux',
    release: '6.12.57+deb13-amd64',
    nodeArch: 'x64',
    machineArch: 'x86_64',
    translated: false,
    nodeVersion: '24.21.0',
    uid: 1000,
    capabilityBounds: 0x1ff_ffff_ffffn,
    openFiles: 1_048_576,
    dockerCli: true,
  },
  engineAnswer: { kind: 'answers', version: '29.1.3', because: 'the default socket /var/run/docker.sock' },
  engine: ENGINE,
  containers: [containerOf(LAB.containers.edge)],
  networks: [
    networkOf(LAB.network, '172.18.0.0/16', 'aaaaaaaaaaaabbbb'),
    networkOf(LAB.idpNetwork, '172.19.0.0/16', 'ccccccccccccdddd'),
  ],
  routes: [
    { destination: '0.0.0.0/0', device: 'eth0' },
    { destination: '192.0.2.0/24', device: 'eth0' },
    { destination: '172.18.0.0/16', device: 'br-aaaaaaaaaaaa' },
    { destination: '172.19.0.0/16', device: 'br-cccccccccccc' },
  ],
  links: [
    { name: 'eth0', mtu: 1500, bridge: false },
    { name: 'br-aaaaaaaaaaaa', mtu: 1500, bridge: true },
  ],
  places: (['cache', 'state', 'engine'] as const).map((role) => ({
    role,
    path: role === 'engine' ? '/var/lib/docker' : ABOUT.paths[`${role}Dir`],
    space: { kind: 'seen', value: SPACE },
  })),
  inotify: { instances: 1024, watches: 524_288 },
  port: { kind: 'free', port: 443 },
  names: (['getaddrinfo', 'node', 'systemd-resolved'] as const).map((resolver) => ({
    resolver,
    answers: { kind: 'seen', value: answers },
  })),
  clock: { now: NOW, newest: { path: '/home/ana/.cache/meshdev/compiler.json', at: NOW - 60_000 } },
  timeSync: { synchronized: true, enabled: true },
  modules: [
    { name: 'overlay', state: 'loaded' },
    { name: 'br_netfilter', state: 'loadable' },
    { name: 'iptable_nat', state: 'built-in' },
  ],
  lost: [],
  lab: { meshdevVersion: '0.2.0', istioctl: true },
  trust: { labRoot: '9C:41', labRoots: ['9C:41'], installed: [] },
};

function seen<T>(value: T): Fact<T> {
  return { kind: 'seen', value };
}

/** The facts of the healthy machine, some of them with other values. */
export function factsWith(changes: Partial<HostFactMap> = {}): HostFacts {
  const values = { ...VALUES, ...changes };
  return {
    machine: seen(values.machine),
    engineAnswer: seen(values.engineAnswer),
    engine: seen(values.engine),
    containers: seen(values.containers),
    networks: seen(values.networks),
    routes: seen(values.routes),
    links: seen(values.links),
    places: seen(values.places),
    inotify: seen(values.inotify),
    port: seen(values.port),
    names: seen(values.names),
    clock: seen(values.clock),
    timeSync: seen(values.timeSync),
    modules: seen(values.modules),
    lost: seen(values.lost),
    lab: seen(values.lab),
    trust: seen(values.trust),
  };
}
