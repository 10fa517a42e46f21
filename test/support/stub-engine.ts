import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';

/* A server on a socket that answers like the API of a container engine, as far as `doctor` asks. */

export interface StubNetwork {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Subnet: string;
}

export interface StubOptions {
  /** Members of the answer to /info that differ from those of a healthy Docker. */
  readonly info?: Readonly<Record<string, unknown>>;
  readonly networks?: readonly StubNetwork[];
  /** Paths that are never answered. */
  readonly silent?: readonly string[];
}

export interface StubEngine extends AsyncDisposable {
  /** `DELETE /networks/meshdev-old`, in order; reads are left out. */
  readonly changes: readonly string[];
}

const INFO = {
  ServerVersion: '29.1.3',
  CgroupVersion: '2',
  CgroupDriver: 'systemd',
  Driver: 'overlay2',
  DockerRootDir: '/var/lib/docker-of-nobody',
  NCPU: 4,
  MemTotal: 16 * 1024 ** 3,
  Architecture: 'x86_64',
  OperatingSystem: 'Debian GNU/Linux 13 (trixie)',
  OSType: 'linux',
  KernelVersion: '6.12.57',
  SecurityOptions: ['name=seccomp,profile=builtin'],
  // With it, a machine without CAP_SYS_RESOURCE is healthy too.
  DefaultRuntime: 'meshdev-runc',
  Name: 'stub',
  MemoryLimit: true,
  CPUShares: true,
  PidsLimit: true,
};

const Filters = z.object({ label: z.array(z.string()).default([]) });

export async function startStubEngine(socket: string, options: StubOptions = {}): Promise<StubEngine> {
  let networks = [...(options.networks ?? [])];
  const changes: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://engine');
    const path = url.pathname.replace(/^\/v[\d.]+/, '');
    if (options.silent?.includes(path) === true) return;
    if (request.method !== 'GET') changes.push(`${request.method} ${path}`);
    if (request.method === 'DELETE') {
      networks = networks.filter(({ Name }) => path !== `/networks/${Name}`);
      response.writeHead(204).end();
      return;
    }
    const found = bodyOf(path, networks.filter(hasLabels(url)), options);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { message: `no such object: ${path}` }));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { changes, [Symbol.asyncDispose]: () => close(server) };
}

function hasLabels(url: URL): (network: StubNetwork) => boolean {
  const { label } = Filters.parse(JSON.parse(url.searchParams.get('filters') ?? '{}'));
  return ({ Labels }) =>
    label.every((wanted) => Object.entries(Labels).some(([name, value]) => `${name}=${value}` === wanted));
}

function bodyOf(path: string, networks: readonly StubNetwork[], { info }: StubOptions): unknown {
  switch (path) {
    case '/version':
      return { Version: INFO.ServerVersion };
    case '/info':
      return { ...INFO, SystemTime: new Date().toISOString(), ...info };
    case '/containers/json':
    case '/images/json':
      return [];
    case '/volumes':
      return { Volumes: null };
    case '/networks':
      return networks.map(networkAnswer);
    default: {
      const network = networks.find(({ Name }) => path === `/networks/${Name}`);
      return network === undefined ? undefined : networkAnswer(network);
    }
  }
}

function networkAnswer({ Name, Labels, Subnet }: StubNetwork) {
  return { Id: Name, Name, Labels, EnableIPv6: false, IPAM: { Config: [{ Subnet }] }, Containers: {} };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
