import type { LayerFile } from '../../../src/images/packages/engine-image-table.ts';
import type { StageFile } from '../../../src/images/packages/in-cluster-images.ts';
import type { OwnedDir } from '../../../src/images/packages/layer.ts';
import { PROFILES, type RegistryImageId, USERS } from '../../../src/profiles.ts';
import { GUEST_PINS } from '../../../src/versions.ts';

/** `config` of an image's configuration, in the words of the OCI specification. */
export interface OciConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Env: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
}

/** An image of a registry, made of what stages left. */
export interface OfficialImage {
  readonly id: RegistryImageId;
  readonly below: readonly LayerFile[];
  readonly files: readonly StageFile[];
  readonly dirs?: readonly OwnedDir[];
  /** Programs of the layers below that the official image does not have. */
  readonly without?: readonly string[];
  /** Programs that the official image gives the capability to bind low ports. */
  readonly bindsLowPorts?: readonly string[];
  readonly config: OciConfig;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const UBUNTU = {
  Env: [PATH, 'DEBIAN_FRONTEND=noninteractive'],
  Labels: { 'org.opencontainers.image.ref.name': 'ubuntu', 'org.opencontainers.image.version': '24.04' },
} as const;

const caddy = PROFILES.official.versions.caddy;

/**
 * User, entrypoint, labels and programs as the Dockerfiles of the projects have them: images/base of kind,
 * pilot/docker and docker/Dockerfile.base of Istio, go-httpbin, caddy-docker and docker-node.
 */
export const OFFICIAL_IMAGES: readonly OfficialImage[] = [
  {
    id: 'node',
    below: ['rootfs-node', 'node-programs', 'cluster-images'].map(layer),
    files: [],
    without: ['usr/bin/envsubst', 'usr/bin/rsync', 'usr/bin/socat', 'usr/sbin/ipset'],
    // kind commits a container that ran with the proxies of the machine, and empties them again.
    config: {
      Env: ['container=docker', 'HTTP_PROXY=', 'HTTPS_PROXY=', 'NO_PROXY='],
      Entrypoint: ['/usr/local/bin/entrypoint', '/sbin/init'],
      StopSignal: 'SIGRTMIN+3',
    },
  },
  {
    id: 'pilot',
    below: [layer('rootfs-base')],
    files: [program('istio', 'pilot-discovery', 'usr/local/bin')],
    config: {
      ...UBUNTU,
      User: `${USERS.proxy}:${USERS.proxy}`,
      Entrypoint: ['/usr/local/bin/pilot-discovery'],
    },
  },
  {
    id: 'proxyv2',
    below: [layer('rootfs-base')],
    files: [
      {
        stage: 'istio',
        file: 'share/envoy_bootstrap.json',
        to: 'var/lib/istio/envoy/envoy_bootstrap_tmpl.json',
        mode: 0o644,
      },
      program('istio', 'pilot-agent', 'usr/local/bin'),
      program('envoy', 'envoy', 'usr/local/bin'),
    ],
    // No user: the init container runs as root, and the pod says who runs the proxy.
    config: {
      ...UBUNTU,
      Env: [...UBUNTU.Env, `ISTIO_META_ISTIO_PROXY_SHA=${'0'.repeat(40)}`],
      Entrypoint: ['/usr/local/bin/pilot-agent'],
      WorkingDir: '/',
    },
  },
  {
    id: 'httpbin',
    below: [],
    files: [program('httpbin', 'go-httpbin', 'bin')],
    dirs: [{ path: 'home/nonroot', uid: USERS.nobody, mode: 0o700 }],
    config: {
      User: String(USERS.nobody),
      ExposedPorts: { '8080/tcp': {} },
      Env: [PATH, 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'],
      Cmd: ['/bin/go-httpbin'],
      WorkingDir: '/home/nonroot',
    },
  },
  {
    id: 'edge',
    // Alpine's shell and tools are BusyBox.
    below: [layer('busybox')],
    files: [program('caddy', 'caddy', 'usr/bin')],
    dirs: [
      ...['config/caddy', 'data/caddy'].map((path) => ({ path, uid: 0, mode: 0o1777 })),
      ...['etc/caddy', 'srv', 'usr/share/caddy'].map((path) => ({ path, uid: 0 })),
    ],
    bindsLowPorts: ['usr/bin/caddy'],
    config: {
      ExposedPorts: { '80/tcp': {}, '443/tcp': {}, '443/udp': {}, '2019/tcp': {} },
      Env: [PATH, `CADDY_VERSION=${caddy}`, 'XDG_CONFIG_HOME=/config', 'XDG_DATA_HOME=/data'],
      Cmd: ['caddy', 'run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
      WorkingDir: '/srv',
      Labels: {
        'org.opencontainers.image.description':
          'a powerful, enterprise-ready, open source web server with automatic HTTPS written in Go',
        'org.opencontainers.image.documentation': 'https://caddyserver.com/docs',
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.source': 'https://github.com/caddyserver/caddy-docker',
        'org.opencontainers.image.title': 'Caddy',
        'org.opencontainers.image.url': 'https://caddyserver.com',
        'org.opencontainers.image.vendor': 'Light Code Labs',
        'org.opencontainers.image.version': caddy,
      },
    },
  },
  {
    id: 'guestBase',
    below: [layer('rootfs-base')],
    files: ['node', 'docker-entrypoint.sh'].map((name) => program('node-program', name, 'usr/local/bin')),
    without: ['usr/bin/curl', 'usr/bin/openssl', 'usr/sbin/conntrack', 'usr/sbin/xtables-nft-multi'],
    config: {
      Env: [PATH, `NODE_VERSION=${GUEST_PINS.node}`, 'YARN_VERSION=1.22.22'],
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['node'],
    },
  },
];

function layer(stage: string): LayerFile {
  return { stage, file: 'layer.tar' };
}

function program(stage: string, name: string, dir: string): StageFile {
  return { stage, file: `bin/${name}`, to: `${dir}/${name}` };
}
