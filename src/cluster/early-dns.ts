import type { Cluster } from '../ports/cluster.ts';

/**
 * Lets the cluster's DNS name lead to CoreDNS from its start on. It serves after a second, but kubeadm's
 * probe looks only every ten; a proxy that starts in between would send its first question nowhere, and
 * wait five seconds for the answer.
 */
export async function publishDnsEarly(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const metadata = { name: 'kube-dns', namespace: 'kube-system' };
  const spec = { publishNotReadyAddresses: true };
  await cluster.apply([{ apiVersion: 'v1', kind: 'Service', metadata, spec }], signal);
}
