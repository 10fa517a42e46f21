/*
 * Machines that meshdev has to work on, as the facts that it decides by. What docs/platforms.md calls
 * "decided by tests" is decided by these.
 */

export interface Machine {
  readonly name: string;
  readonly platform: string;
  readonly arch: string;
  readonly kernel: string;
  readonly home: string;
  readonly uid: number;
  readonly env: Readonly<Record<string, string>>;
  /** What the engine says of itself, in the engine's own words. */
  readonly engine: {
    readonly version: string;
    readonly os: string;
    readonly osType: string;
    readonly arch: string;
    readonly cgroupVersion: string;
    readonly securityOptions: readonly string[];
    readonly product: 'docker';
    readonly limits: { readonly memory: boolean; readonly cpu: boolean; readonly pids: boolean };
    readonly memoryBytes: number;
    readonly cpus: number;
  };
  readonly wants: {
    readonly kind: string;
    readonly tools: string;
    readonly images: string;
    readonly socket: string;
    readonly diskIsHere: boolean;
    readonly rootless: boolean;
  };
}

const engine = {
  version: '29.1.3',
  osType: 'linux',
  cgroupVersion: '2',
  securityOptions: ['name=seccomp,profile=builtin', 'name=cgroupns'],
  product: 'docker',
  limits: { memory: true, cpu: true, pids: true },
  memoryBytes: 8 * 1024 ** 3,
  cpus: 4,
} as const;

const linux = {
  platform: 'linux',
  arch: 'x64',
  kernel: '6.12.57+deb13-amd64',
  home: '/home/ana',
  uid: 1000,
  env: { XDG_RUNTIME_DIR: '/run/user/1000' },
} as const;

const mac = {
  platform: 'darwin',
  arch: 'arm64',
  kernel: '25.1.0',
  home: '/Users/ana',
  uid: 501,
  env: {},
} as const;

const wsl = { ...linux, kernel: '6.6.87.2-microsoft-standard-WSL2' } as const;

const native = {
  kind: 'linux',
  tools: 'linux/amd64',
  images: 'linux/amd64',
  diskIsHere: true,
  rootless: false,
} as const;
const onMac = {
  kind: 'macos',
  tools: 'darwin/arm64',
  images: 'linux/arm64',
  diskIsHere: false,
  rootless: false,
} as const;
const onWsl = { ...native, kind: 'wsl' } as const;

export const MACHINES: readonly Machine[] = [
  {
    ...linux,
    name: 'Debian with Docker Engine',
    engine: { ...engine, os: 'Debian GNU/Linux 13 (trixie)', arch: 'x86_64' },
    wants: { ...native, socket: '/var/run/docker.sock' },
  },
  {
    ...linux,
    name: 'Debian 12 as root, Docker 20.10, cgroup v1',
    home: '/root',
    uid: 0,
    engine: {
      ...engine,
      version: '20.10.24+dfsg1',
      cgroupVersion: '1',
      os: 'Debian GNU/Linux 12 (bookworm)',
      arch: 'x86_64',
    },
    wants: { ...native, socket: '/var/run/docker.sock' },
  },
  {
    ...linux,
    name: 'Fedora on arm64, rootless Docker',
    arch: 'arm64',
    engine: {
      ...engine,
      os: 'Fedora Linux 43',
      arch: 'aarch64',
      securityOptions: [...engine.securityOptions, 'name=rootless'],
    },
    wants: {
      ...native,
      tools: 'linux/arm64',
      images: 'linux/arm64',
      rootless: true,
      socket: '/run/user/1000/docker.sock',
    },
  },
  {
    ...linux,
    name: 'Ubuntu with Docker Desktop',
    engine: { ...engine, os: 'Docker Desktop', arch: 'x86_64' },
    wants: { ...native, diskIsHere: false, socket: '/home/ana/.docker/desktop/docker.sock' },
  },
  {
    ...mac,
    name: 'macOS on Apple silicon with Docker Desktop',
    engine: { ...engine, os: 'Docker Desktop', arch: 'aarch64' },
    wants: { ...onMac, socket: '/Users/ana/.docker/run/docker.sock' },
  },
  {
    ...mac,
    name: 'macOS on Apple silicon with Colima',
    engine: { ...engine, os: 'Ubuntu 24.04.3 LTS', arch: 'aarch64' },
    wants: { ...onMac, socket: '/Users/ana/.colima/default/docker.sock' },
  },
  {
    ...mac,
    name: 'macOS on Apple silicon with Rancher Desktop',
    engine: { ...engine, os: 'Alpine Linux v3.22', arch: 'aarch64' },
    wants: { ...onMac, socket: '/Users/ana/.rd/docker.sock' },
  },
  {
    ...mac,
    name: 'macOS on Intel with Docker Desktop',
    arch: 'x64',
    engine: { ...engine, os: 'Docker Desktop', arch: 'x86_64' },
    wants: {
      ...onMac,
      tools: 'darwin/amd64',
      images: 'linux/amd64',
      socket: '/Users/ana/.docker/run/docker.sock',
    },
  },
  {
    ...wsl,
    name: 'WSL2 with Docker Desktop for Windows',
    engine: { ...engine, os: 'Docker Desktop', arch: 'x86_64' },
    wants: { ...onWsl, diskIsHere: false, socket: '/var/run/docker.sock' },
  },
  {
    ...wsl,
    name: 'WSL2 with Docker Engine in the distribution',
    engine: { ...engine, os: 'Ubuntu 24.04.3 LTS', arch: 'x86_64' },
    wants: { ...onWsl, socket: '/var/run/docker.sock' },
  },
];
