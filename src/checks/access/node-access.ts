import type { PodHolder } from '../../evidence/pod-holders.ts';

/** One way to the node, and what it lets a pod do. */
export interface NodeAccess {
  /** As in the evidence. */
  readonly reach: string;
  readonly lets: string;
}

const FLAGS: Readonly<Record<string, string>> = {
  hostNetwork: 'uses the network of the node (hostNetwork): it reaches what listens on loopback there',
  hostPID: 'sees the processes of the node (hostPID), and what they have in memory and on disk',
  hostIPC: 'shares the memory of processes of the node (hostIPC)',
};

/** Where the node keeps keys, tokens, pods and sockets that control it; `/proc` and `/dev` lead to all of them. */
const SENSITIVE = [
  '/etc/kubernetes',
  '/var/lib/kubelet',
  '/var/lib/etcd',
  '/var/lib/containerd',
  '/run/containerd',
  '/var/run',
  '/etc/cni',
  '/etc/systemd',
  '/etc/containerd',
  '/opt/cni',
  '/kind',
  '/root',
  '/proc',
  '/dev',
];

/** What a pod reaches of the node; a directory of no weight is none of it. Pure. */
export function nodeAccess({ reach }: Pick<PodHolder, 'reach'>): readonly NodeAccess[] {
  return reach.flatMap((each) => {
    const lets = letsDo(each);
    return lets === undefined ? [] : [{ reach: each, lets }];
  });
}

function letsDo(reach: string): string | undefined {
  const flag = FLAGS[reach];
  if (flag !== undefined) return flag;
  const [kind, value = ''] = reach.split(' ');
  if (kind === 'privileged') return `runs ${value} privileged: it controls the node`;
  if (kind !== 'hostPath') return undefined;
  const found = SENSITIVE.find((path) => isInside(path, value) || isInside(value, path));
  return found === undefined ? undefined : `mounts ${value} of the node (hostPath), which leads to ${found}`;
}

function isInside(path: string, directory: string): boolean {
  const base = directory.endsWith('/') ? directory : `${directory}/`;
  return path === directory || `${path}/`.startsWith(base);
}
