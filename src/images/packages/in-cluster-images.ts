import { APP_ID, ECHO_PROGRAM } from '../../sample/names.ts';
import { PROFILES, USERS } from '../../profiles.ts';
import { GO_PINS, IN_CLUSTER_IMAGES, KUBEADM_TAGS } from '../../versions.ts';
import type { ImageConfig } from './image-archive.ts';
import type { OwnedDir } from './layer.ts';

/** A file of a finished stage and its place in an image. */
export interface StageFile {
  readonly stage: string;
  readonly file: string;
  readonly to: string;
  readonly mode?: number;
}

/** An image of the node image: layers of other stages below, its own files on top. */
export interface InClusterImage {
  readonly name: string;
  /** Stages whose `layer.tar` lies below, in order. */
  readonly below: readonly string[];
  readonly files: readonly StageFile[];
  readonly dirs?: readonly OwnedDir[];
  readonly config: ImageConfig;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How the guest image is started, in the engine and in the cluster alike. */
export const GUEST_CONFIG: ImageConfig = {
  entrypoint: ['node'],
  env: [PATH, 'NODE_ENV=production'],
  user: `${USERS.nobody}:${USERS.nobody}`,
  workdir: '/opt/meshdev',
};

/** Every image that manifests of the lab name, except the guest's last layer. */
export const CLUSTER_IMAGES: readonly InClusterImage[] = [
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) => kubernetesImage(name, [])),
  // kube-proxy calls iptables and conntrack.
  kubernetesImage('kube-proxy', ['rootfs-base']),
  {
    name: `registry.k8s.io/etcd:${KUBEADM_TAGS.etcd}`,
    below: [],
    files: [{ stage: 'etcd', file: 'bin/etcd', to: 'usr/local/bin/etcd' }],
    config: { entrypoint: ['/usr/local/bin/etcd'], env: [PATH] },
  },
  {
    name: `registry.k8s.io/coredns/coredns:${KUBEADM_TAGS.coredns}`,
    below: [],
    files: [{ stage: 'coredns', file: 'bin/coredns', to: 'coredns' }],
    config: { entrypoint: ['/coredns'], env: [PATH], user: `${USERS.nobody}:${USERS.nobody}` },
  },
  {
    name: `registry.k8s.io/pause:${KUBEADM_TAGS.pause}`,
    below: [],
    files: [{ stage: 'pause', file: 'bin/pause', to: 'pause' }],
    config: { entrypoint: ['/pause'], env: [PATH], user: '65535:65535' },
  },
  {
    name: IN_CLUSTER_IMAGES[APP_ID],
    below: [],
    files: [{ stage: APP_ID, file: `bin/${ECHO_PROGRAM}`, to: `bin/${ECHO_PROGRAM}` }],
    config: { entrypoint: [`/bin/${ECHO_PROGRAM}`], env: [PATH], user: `${USERS.nobody}:${USERS.nobody}` },
  },
  istioImage(
    'pilot',
    [{ stage: 'istio', file: 'bin/pilot-discovery', to: 'usr/local/bin/pilot-discovery' }],
    'pilot-discovery',
  ),
  istioImage(
    'proxyv2',
    [
      { stage: 'istio', file: 'bin/pilot-agent', to: 'usr/local/bin/pilot-agent' },
      { stage: 'envoy', file: 'bin/envoy', to: 'usr/local/bin/envoy' },
    ],
    'pilot-agent',
  ),
  // Only so that its layers are in the node already when the guest's code is added.
  { name: 'meshdev.local/guest:base', below: ['rootfs-base', 'guest-base'], files: [], config: GUEST_CONFIG },
];

function kubernetesImage(program: string, below: readonly string[]): InClusterImage {
  return {
    name: `registry.k8s.io/${program}:${GO_PINS.kubernetes.version}`,
    below,
    files: [{ stage: 'kubernetes', file: `bin/${program}`, to: `usr/local/bin/${program}` }],
    config: { entrypoint: [`/usr/local/bin/${program}`], env: [PATH] },
  };
}

function istioImage(name: string, programs: readonly StageFile[], main: string): InClusterImage {
  const bootstrap = {
    stage: 'istio',
    file: 'share/envoy_bootstrap.json',
    to: 'var/lib/istio/envoy/envoy_bootstrap_tmpl.json',
    mode: 0o644,
  };
  return {
    name: `${IN_CLUSTER_IMAGES.istioHub}/${name}:${IN_CLUSTER_IMAGES.istioTag}`,
    below: ['rootfs-base'],
    files: [...programs, bootstrap],
    dirs: ['etc/istio', 'etc/istio/proxy', 'var/lib/istio', 'var/lib/istio/data', 'var/lib/istio/envoy'].map(
      (path) => ({ path, uid: USERS.proxy }),
    ),
    config: {
      entrypoint: [`/usr/local/bin/${main}`],
      env: [PATH, `ISTIO_META_ISTIO_VERSION=${PROFILES.stock.versions.istio}`],
      user: `${USERS.proxy}:${USERS.proxy}`,
      workdir: '/',
    },
  };
}
