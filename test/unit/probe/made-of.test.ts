import { describe, expect, it } from 'vitest';
import { proxyUser } from '../../../src/probe/mesh/proxies.ts';
import { nodeNetwork } from '../../../src/probe/host/versions.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';

const { signal } = new AbortController();

describe('the network of a node', () => {
  it('is kindnet where kind installed it, and that of the node image elsewhere', async () => {
    const cluster = createFakeCluster();
    expect(await nodeNetwork(cluster, signal)).toBe('static');
    const metadata = { name: 'kindnet', namespace: 'kube-system' };
    cluster.put({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata });
    expect(await nodeNetwork(cluster, signal)).toBe('kindnet');
  });
});

describe('the user of a proxy', () => {
  const app = { name: 'app', securityContext: { runAsUser: 65_532 } };
  const proxy = { name: 'istio-proxy', securityContext: { runAsUser: 1337 } };

  it.each([
    ['a gateway', { containers: [proxy] }, 1337],
    ['a sidecar', { containers: [app, proxy] }, 1337],
    ['a sidecar that starts first', { containers: [app], initContainers: [proxy] }, 1337],
    ['a pod that leaves it to the image', { containers: [{ name: 'istio-proxy' }] }, undefined],
    ['a pod without one', { containers: [app] }, undefined],
  ])('of %s', (_, spec, user) => {
    expect(proxyUser({ spec })).toBe(user);
  });
});
