import type { PodHolder, PodHolders } from '../../src/evidence/pod-holders.ts';
import type { Lab } from '../../src/topology/lab.ts';
import type { Break } from './break-evidence.ts';

const NOTHING = { labels: {}, secrets: [], configMaps: [], reach: [], apiToken: false } as const;

/** A pod of a Deployment with one container. */
export function holder(
  namespace: string,
  name: string,
  change: Partial<PodHolder> = {},
): PodHolder & { readonly pod: string } {
  return {
    ...NOTHING,
    owner: { kind: 'Deployment', namespace, name },
    pod: `${name}-0`,
    account: name,
    containers: [{ name: 'app', as: 'container', argv: ['run'], env: ['PORT'], hooks: false }],
    ...change,
  };
}

export function healthyHolders({ workloads, cluster }: Lab): PodHolders {
  const { gateway, httpbin, intruder } = workloads;
  const planned = [
    holder('istio-system', 'istiod', { secrets: ['cacerts'], apiToken: true }),
    ...[gateway, httpbin, intruder].map(({ namespace, serviceAccount }) => holder(namespace, serviceAccount)),
  ];
  return {
    planned,
    seen: [
      ...planned.map((one) => ({ ...one, configMaps: ['istio-ca-root-cert'] })),
      holder('kube-system', 'kube-proxy', {
        owner: { kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' },
        reach: ['hostNetwork', 'privileged kube-proxy'],
        apiToken: true,
      }),
      holder('kube-system', 'etcd', {
        owner: { kind: 'Node', namespace: 'kube-system', name: cluster.node },
        pod: `etcd-${cluster.node}`,
        reach: ['hostNetwork', 'hostPath /var/lib/etcd'],
      }),
      holder('shop', 'cart', { reach: ['hostPath /srv/data'], secrets: ['cart'], apiToken: true }),
    ],
    secrets: ['istio-system/cacerts', 'istio-ingress/gateway-credential', 'apps/orders-secrets'],
  };
}

/** One pod more. */
export function pod(more: PodHolder): Break {
  return holders((all) => ({ seen: [...all.seen, more] }));
}

/** The pods of one workload with something more. */
export function extended(name: string, change: (seen: PodHolder) => Partial<PodHolder>): Break {
  return holders(({ seen }) => ({
    seen: seen.map((one) => (one.owner.name === name ? { ...one, ...change(one) } : one)),
  }));
}

export function holders(change: (seen: PodHolders) => Partial<PodHolders>): Break {
  return (all) => ({ ...all, 'pod.holders': { ...all['pod.holders'], ...change(all['pod.holders']) } });
}
