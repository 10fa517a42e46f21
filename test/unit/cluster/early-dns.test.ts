import { expect, it } from 'vitest';
import { publishDnsEarly } from '../../../src/cluster/early-dns.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';

it('owns one field of the DNS service and leaves the rest to kubeadm', async () => {
  const cluster = createFakeCluster();
  await publishDnsEarly(cluster, new AbortController().signal);
  expect([...cluster.objects.values()]).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system' },
      spec: { publishNotReadyAddresses: true },
    },
  ]);
});
