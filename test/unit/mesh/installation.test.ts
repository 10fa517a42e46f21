import { describe, expect, it } from 'vitest';
import { compareInstallation, recordInstallation } from '../../../src/mesh/installation.ts';
import { istioOperator } from '../../../src/mesh/manifests/operator.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';
import { FAKE_MATERIAL } from '../../support/mesh-material.ts';

const { signal } = new AbortController();
const lab = createLab(DEFAULT_CHOICE);
const operator = istioOperator(lab, FAKE_MATERIAL, 'upstream');
const istiod = (env: readonly string[]): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istiod', namespace: 'istio-system', resourceVersion: String(env.length) },
  spec: { env },
});
const validator = (webhook: object): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'istio-validator-istio-system' },
  webhooks: [
    { name: 'v', rules: ['all'], clientConfig: { caBundle: 'one' }, failurePolicy: 'Ignore', ...webhook },
  ],
});

async function installed() {
  const cluster = createFakeCluster();
  cluster.put(istiod(['A']));
  cluster.put(validator({}));
  await recordInstallation(cluster, lab, operator, signal);
  return cluster;
}

describe('the record of an installation', () => {
  it('is missing on a new cluster', async () => {
    const found = await compareInstallation(createFakeCluster(), operator, signal);
    expect(found).toMatchObject({
      kind: 'missing',
      because: expect.stringContaining('no installation was completed'),
    });
  });

  it('matches what it was made from', async () => {
    expect(await compareInstallation(await installed(), operator, signal)).toEqual({ kind: 'same' });
  });

  it('does not match other values', async () => {
    const other = istioOperator(lab, { ...FAKE_MATERIAL, edgeRootPem: 'another root' }, 'upstream');
    expect(await compareInstallation(await installed(), other, signal)).toMatchObject({ kind: 'outdated' });
  });

  it('names what somebody changed or removed', async () => {
    const cluster = await installed();
    cluster.put(istiod(['A', 'JWKS_RESOLVER_INSECURE_SKIP_VERIFY']));
    await cluster.remove(
      [{ apiVersion: 'v1', kind: 'ValidatingWebhookConfiguration', name: 'istio-validator-istio-system' }],
      signal,
    );
    const found = await compareInstallation(cluster, operator, signal);
    expect(found).toMatchObject({
      kind: 'changed',
      objects: [{ name: 'istiod' }, { name: 'istio-validator-istio-system' }],
      because: expect.stringContaining('Deployment istio-system/istiod'),
    });
  });

  it('overlooks a restart of istiod, and nothing else in its pod template', async () => {
    const withTemplate = (annotations: Readonly<Record<string, string>> | undefined): KubeObject => ({
      ...istiod([]),
      spec: { template: { metadata: annotations === undefined ? {} : { annotations } } },
    });
    const restart = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' };
    for (const own of [undefined, { 'prometheus.io/port': '15014' }]) {
      const cluster = createFakeCluster();
      cluster.put(withTemplate(own));
      cluster.put(validator({}));
      await recordInstallation(cluster, lab, operator, signal);
      cluster.put(withTemplate({ ...own, ...restart }));
      expect(await compareInstallation(cluster, operator, signal)).toEqual({ kind: 'same' });
      cluster.put(withTemplate({ ...own, ...restart, 'sidecar.istio.io/inject': 'true' }));
      expect(await compareInstallation(cluster, operator, signal)).toMatchObject({ kind: 'changed' });
    }
  });

  it('overlooks what istiod itself writes into its webhooks', async () => {
    const cluster = await installed();
    cluster.put(validator({ clientConfig: { caBundle: 'two' }, failurePolicy: 'Fail' }));
    expect(await compareInstallation(cluster, operator, signal)).toEqual({ kind: 'same' });
    cluster.put(validator({ rules: ['some'] }));
    expect(await compareInstallation(cluster, operator, signal)).toMatchObject({ kind: 'changed' });
  });
});
