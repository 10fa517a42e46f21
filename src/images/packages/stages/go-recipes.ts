import { APP_ID, ECHO_PROGRAM } from '../../../sample/names.ts';
import { GO_PINS, IN_CLUSTER_IMAGES, ISTIO_VERSION, type GoComponent } from '../../../versions.ts';

/** One `go build` call. */
export interface GoBuild {
  readonly packages: readonly string[];
  readonly tags?: readonly string[];
  readonly cgo?: boolean;
  /** Package variables set at link time. */
  readonly set?: Readonly<Record<string, string>>;
}

/** How the programs of one stage are compiled. */
export interface GoRecipe {
  readonly id: string;
  readonly component: GoComponent;
  readonly builds: readonly GoBuild[];
  readonly aboutSeconds: number;
  /** Size of the result. */
  readonly megabytes: number;
  /** What compiling it leaves in the caches of Go: objects and modules. */
  readonly goMegabytes: number;
  /** Binaries whose package name is not the name they are known by. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Files of the module that images need beside its programs; copied to `share/`. */
  readonly shared?: string;
}

const CONTAINERD = 'github.com/containerd/containerd/v2';
const CNI = 'github.com/containernetworking/plugins/plugins';
const KUBE_VERSION = 'k8s.io/component-base/version';
const ISTIO_TAGS = ['vtprotobuf', 'disable_pgv'];
const KUBE_PROGRAMS = [
  'kubeadm',
  'kubelet',
  'kubectl',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
];

const ISTIO_SET = Object.fromEntries(
  Object.entries({
    buildVersion: ISTIO_VERSION,
    buildTag: ISTIO_VERSION,
    buildHub: IN_CLUSTER_IMAGES.istioHub,
    buildStatus: 'Clean',
    buildGitRevision: GO_PINS.istio.version,
  }).map(([name, value]) => [`istio.io/istio/pkg/version.${name}`, value]),
);

function kubernetesSet(version: string): Record<string, string> {
  const [major = '', minor = ''] = version.slice(1).split('.');
  const values = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitCommit: 'unknown',
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${KUBE_VERSION}.${name}`, value]),
  );
}

/** In the order they are built: what others wait for first, then the longest. */
export const GO_RECIPES: readonly GoRecipe[] = [
  {
    id: 'kind',
    component: 'kind',
    builds: [{ packages: ['sigs.k8s.io/kind'] }],
    shared: 'images/base/files',
    aboutSeconds: 45,
    megabytes: 11,
    goMegabytes: 250,
  },
  {
    id: 'kubernetes',
    component: 'kubernetes',
    builds: [
      {
        packages: KUBE_PROGRAMS.map((name) => `k8s.io/kubernetes/cmd/${name}`),
        set: kubernetesSet(GO_PINS.kubernetes.version),
      },
    ],
    aboutSeconds: 420,
    megabytes: 570,
    goMegabytes: 4290,
  },
  {
    id: 'istio',
    component: 'istio',
    builds: [
      { packages: ['istio.io/istio/pilot/cmd/pilot-discovery'], tags: ISTIO_TAGS, set: ISTIO_SET },
      {
        packages: ['istio.io/istio/pilot/cmd/pilot-agent'],
        tags: [...ISTIO_TAGS, 'agent', 'grpcnotrace', 'retrynotrace'],
        set: ISTIO_SET,
      },
    ],
    shared: 'tools/packaging/common',
    aboutSeconds: 270,
    megabytes: 155,
    goMegabytes: 2640,
  },
  {
    id: 'istioctl',
    component: 'istio',
    builds: [{ packages: ['istio.io/istio/istioctl/cmd/istioctl'], tags: ISTIO_TAGS, set: ISTIO_SET }],
    aboutSeconds: 60,
    megabytes: 100,
    goMegabytes: 820,
  },
  {
    id: 'coredns',
    component: 'coredns',
    builds: [{ packages: ['github.com/coredns/coredns'] }],
    aboutSeconds: 130,
    megabytes: 75,
    goMegabytes: 1480,
  },
  {
    id: 'caddy',
    component: 'caddy',
    builds: [
      {
        packages: ['github.com/caddyserver/caddy/v2/cmd/caddy'],
        set: { 'github.com/caddyserver/caddy/v2.CustomVersion': GO_PINS.caddy.version },
      },
    ],
    aboutSeconds: 90,
    megabytes: 60,
    goMegabytes: 990,
  },
  {
    id: 'containerd',
    component: 'containerd',
    builds: [
      {
        packages: ['containerd', 'ctr', 'containerd-shim-runc-v2'].map((name) => `${CONTAINERD}/cmd/${name}`),
        set: { [`${CONTAINERD}/version.Version`]: GO_PINS.containerd.version },
      },
    ],
    aboutSeconds: 70,
    megabytes: 80,
    goMegabytes: 820,
  },
  {
    id: 'etcd',
    component: 'etcd',
    builds: [{ packages: ['go.etcd.io/etcd/server/v3'] }],
    renamed: { server: 'etcd' },
    aboutSeconds: 45,
    megabytes: 30,
    goMegabytes: 580,
  },
  // Without the tag every pod fails with "seccomp: config provided but seccomp not supported".
  {
    id: 'runc',
    component: 'runc',
    builds: [
      {
        packages: ['github.com/opencontainers/runc'],
        tags: ['seccomp'],
        cgo: true,
        set: { 'main.version': GO_PINS.runc.version.slice(1) },
      },
    ],
    aboutSeconds: 20,
    megabytes: 12,
    goMegabytes: 160,
  },
  {
    id: 'cni',
    component: 'cni',
    builds: [
      {
        packages: ['ipam/host-local', 'main/loopback', 'main/ptp', 'meta/portmap'].map(
          (name) => `${CNI}/${name}`,
        ),
      },
    ],
    aboutSeconds: 8,
    megabytes: 14,
    goMegabytes: 100,
  },
  {
    id: APP_ID,
    component: APP_ID,
    builds: [{ packages: [`github.com/mccutchen/${ECHO_PROGRAM}/v2/cmd/${ECHO_PROGRAM}`] }],
    aboutSeconds: 3,
    megabytes: 9,
    goMegabytes: 50,
  },
];
