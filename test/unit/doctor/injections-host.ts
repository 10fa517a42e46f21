import { ABOUT, containerOf, LAB, NOW, VALUES } from './healthy.ts';
import { engine, type Injection, machine, resolver, ROOT, skew, taken, WSL } from './injection.ts';

export const OF_NETWORK: readonly Injection[] = [
  {
    cause: 'a process on the port',
    facts: { port: { ...taken, holder: { kind: 'process', owner: { pid: 42, program: 'nginx' } } } },
    finds: [
      { id: 'MD-HOST-006', state: 'fatal', code: 'PORT_TAKEN', seen: /nginx \(process 42\)/, run: 'kill 42' },
    ],
  },
  {
    cause: 'a container on the port',
    facts: { port: { ...taken, holder: { kind: 'container', container: containerOf('web') } } },
    finds: [
      {
        id: 'MD-HOST-006',
        state: 'fatal',
        code: 'PORT_TAKEN',
        seen: /container web/,
        run: 'docker stop web',
      },
    ],
  },
  {
    cause: 'a container of the name of the edge, of no lab',
    facts: { port: { ...taken, holder: { kind: 'container', container: containerOf(LAB.containers.edge) } } },
    finds: [{ id: 'MD-HOST-006', state: 'fatal', code: 'PORT_TAKEN', seen: /meshdev-demo-edge/ }],
  },
  {
    cause: 'a port that this user may not have',
    facts: { port: { kind: 'forbidden', port: 443, floor: 1024, suggestion: 8443 } },
    finds: [
      {
        id: 'MD-HOST-006',
        state: 'fatal',
        code: 'PORT_NOT_ALLOWED',
        seen: /from 1024/,
        run: 'meshdev up --https-port 8443',
      },
    ],
  },
  {
    cause: 'a VPN with the subnet of the lab',
    facts: { routes: [...VALUES.routes, { destination: '172.18.4.0/24', device: 'tun0' }] },
    finds: [
      {
        id: 'MD-HOST-007',
        state: 'warn',
        seen: /172\.18\.0\.0\/16 overlaps the route 172\.18\.4\.0\/24 of tun0, a VPN/,
        run: /disconnect the VPN/,
      },
    ],
  },
  {
    cause: 'a VPN with every subnet that the lab could get',
    facts: {
      ...engine({ addressPools: [{ base: '10.1.0.0/22', size: 24 }] }),
      networks: [],
      routes: [...VALUES.routes, { destination: '10.0.0.0/8', device: 'wg0' }],
    },
    finds: [
      {
        id: 'MD-HOST-007',
        state: 'warn',
        seen: /leave 0 subnets.*10\.0\.0\.0\/8 of wg0, a VPN/,
        run: /default-address-pools/,
      },
    ],
  },
  {
    cause: 'a LAN that contains the subnet of the lab',
    facts: { routes: [...VALUES.routes, { destination: '172.16.0.0/12', device: 'eth1' }] },
    finds: [{ id: 'MD-HOST-007', state: 'warn', seen: /172\.16\.0\.0\/12 of eth1/ }],
  },
  ...['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'].map((name): Injection => ({
    cause: `${name} without NO_PROXY`,
    about: { env: { [name]: 'http://user:secret@proxy:3128', NO_PROXY: 'intern' } },
    finds: [
      {
        id: 'MD-HOST-010',
        state: 'warn',
        seen: new RegExp(`${name} is set`),
        run: /^export NO_PROXY=intern,mesh\.localhost,/,
      },
    ],
  })),
  {
    cause: 'a default route with a smaller MTU',
    facts: { links: VALUES.links.map((link) => (link.bridge ? link : { ...link, mtu: 1400 })) },
    finds: [
      {
        id: 'MD-HOST-024',
        state: 'warn',
        seen: /eth0.*is 1400; br-aaaaaaaaaaaa has 1500/,
        run: /"mtu": 1400/,
      },
    ],
  },
];

export const OF_NAMES: readonly Injection[] = [
  {
    cause: 'a resolver that does not know names below localhost',
    facts: resolver('getaddrinfo', [], 'getent exited with code 2'),
    finds: [
      {
        id: 'MD-HOST-021[getaddrinfo]',
        state: 'warn',
        seen: /getent exited with code 2/,
        run: 'meshdev env',
      },
    ],
  },
  {
    cause: 'systemd-resolved that fails',
    facts: resolver('systemd-resolved', [], 'resolve call failed'),
    finds: [
      {
        id: 'MD-HOST-021[systemd-resolved]',
        state: 'warn',
        seen: /resolve call failed/,
        run: /tee -a \/etc\/hosts/,
      },
    ],
  },
  {
    cause: 'a resolver that gives an address of somebody else',
    facts: resolver('node', ['203.0.113.7']),
    finds: [
      {
        id: 'MD-HOST-021[node]',
        state: 'warn',
        seen: /203\.0\.113\.7; loopback is expected/,
        run: /grep -n mesh\.localhost/,
      },
    ],
  },
  {
    cause: 'an engine that is some seconds ahead',
    facts: skew(5_000),
    finds: [{ id: 'MD-HOST-011', state: 'warn', seen: /5\.0 s ahead/, run: 'sudo timedatectl set-ntp true' }],
  },
  {
    cause: 'an engine whose machine slept',
    facts: skew(-3_600_000),
    finds: [{ id: 'MD-HOST-011', state: 'fatal', code: 'ENGINE_NOT_FIT', seen: /3600\.0 s behind/ }],
  },
  {
    cause: 'a clock that was reset',
    facts: { clock: { now: Date.UTC(1970, 0, 2), newest: undefined } },
    finds: [{ id: 'MD-HOST-022', state: 'fatal', code: 'HOST_NOT_FIT', seen: /1970-01-02/ }],
  },
  {
    cause: 'files from the future',
    facts: { clock: { now: NOW, newest: { path: '/home/ana/.cache/meshdev/x', at: NOW + 86_400_000 } } },
    finds: [{ id: 'MD-HOST-022', state: 'warn', seen: /meshdev\/x was written at 2026-06-02/ }],
  },
  {
    cause: 'no time synchronization',
    facts: { timeSync: { synchronized: false, enabled: false } },
    finds: [{ id: 'MD-HOST-023', state: 'warn', seen: /no service/, run: 'sudo timedatectl set-ntp true' }],
  },
];

export const OF_MACHINE: readonly Injection[] = [
  {
    cause: 'Node.js in Rosetta',
    facts: machine({ platform: 'darwin', translated: true, release: '25.1.0' }),
    finds: [
      { id: 'MD-HOST-025', state: 'warn', seen: /Rosetta/, run: 'brew install node' },
      { id: 'MD-HOST-026', state: 'ok', seen: /macOS/ },
    ],
  },
  {
    cause: 'Node.js for another processor',
    facts: machine({ nodeArch: 'x64', machineArch: 'aarch64' }),
    finds: [{ id: 'MD-HOST-025', state: 'warn', seen: /x64.*aarch64/ }],
  },
  {
    cause: 'WSL1',
    facts: machine({ release: '4.4.0-19041-Microsoft' }),
    finds: [
      { id: 'MD-HOST-026', state: 'fatal', code: 'HOST_NOT_FIT', seen: /WSL1/, run: /wsl --set-version/ },
    ],
  },
  {
    cause: 'Windows',
    facts: machine({ platform: 'win32' }),
    finds: [
      { id: 'MD-HOST-026', state: 'fatal', code: 'HOST_NOT_FIT', seen: /win32/, run: 'wsl --install' },
      { id: 'MD-HOST-025', state: 'ok', seen: /windows\/amd64/ },
    ],
  },
  {
    cause: 'WSL2 without the integration of Docker Desktop',
    facts: {
      ...machine({ release: WSL }),
      engineAnswer: { kind: 'silent', because: 'no container engine answers', remedies: ['x'] },
    },
    finds: [
      { id: 'MD-HOST-026', state: 'warn', seen: /WSL2/, run: /WSL integration/ },
      { id: 'MD-HOST-001', state: 'fatal', code: 'ENGINE_NOT_FOUND', seen: /no container engine/ },
    ],
  },
  {
    cause: 'WSL2 with the cache on a drive of Windows',
    facts: machine({ release: WSL }),
    about: { paths: { ...ABOUT.paths, cacheDir: '/mnt/c/cache' } },
    finds: [{ id: 'MD-HOST-026', state: 'warn', seen: /WSL2/, run: /^export XDG_CACHE_HOME/ }],
  },
  {
    cause: 'a kernel without br_netfilter',
    facts: { modules: [...VALUES.modules, { name: 'br_netfilter', state: 'missing' }] },
    finds: [
      {
        id: 'MD-HOST-009',
        state: 'warn',
        seen: /no module br_netfilter/,
        run: 'sudo modprobe -a br_netfilter',
      },
    ],
  },
  {
    cause: 'Node.js that is too old',
    facts: machine({ nodeVersion: '20.20.0' }),
    finds: [{ id: 'MD-HOST-008[node]', state: 'warn', seen: /20\.20\.0; version 22\.22/ }],
  },
  {
    cause: 'no docker command',
    facts: machine({ dockerCli: false }),
    finds: [
      {
        id: 'MD-HOST-008[docker]',
        state: 'fatal',
        code: 'TOOL_MISSING',
        seen: /not on PATH/,
        run: /docker-cli/,
      },
    ],
  },
  {
    cause: 'a lab of another version',
    facts: { lab: { meshdevVersion: '0.1.0', istioctl: true } },
    finds: [
      { id: 'MD-HOST-008[meshdev]', state: 'warn', seen: /0\.1\.0.*0\.2\.0/, run: 'meshdev up --name demo' },
    ],
  },
  {
    cause: 'a cache that was swept',
    facts: { lab: { meshdevVersion: '0.2.0', istioctl: false } },
    finds: [{ id: 'MD-HOST-008[istioctl]', state: 'warn', seen: /istioctl/, run: 'meshdev up --name demo' }],
  },
];

export const OF_LABS: readonly Injection[] = [
  {
    cause: 'a lab whose state directory is lost',
    facts: {
      lost: [
        {
          name: 'old',
          what: ['container meshdev-old-edge', 'network meshdev-old'],
          from: '/tmp/gone/meshdev',
        },
      ],
    },
    finds: [
      {
        id: 'MD-HOST-013[old]',
        state: 'warn',
        seen: /2 objects of lab old.*\/tmp\/gone\/meshdev does not have its keys/,
        run: 'meshdev down --force --name old',
        fix: 'remove what is left of lab old: its containers, networks and volumes',
      },
    ],
  },
  {
    cause: 'a lab of which nothing records the state directory',
    facts: { lost: [{ name: 'old', what: ['network meshdev-old'], from: undefined }] },
    finds: [
      {
        id: 'MD-HOST-013[old]',
        state: 'warn',
        seen: /nothing records/,
        run: 'meshdev down --force --name old',
      },
    ],
  },
  {
    cause: 'the root of a lab that is gone in the store of the system',
    facts: { trust: { ...VALUES.trust, installed: [{ ...ROOT, fingerprint: 'AA:BB:CC:DD:EE:FF' }] } },
    finds: [
      {
        id: 'MD-HOST-027[stale]',
        state: 'warn',
        seen: /meshdev edge root old.*AA:BB:CC:DD…/,
        run: /update-ca-certificates/,
      },
    ],
  },
];
