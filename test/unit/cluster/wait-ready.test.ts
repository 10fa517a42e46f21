import { describe, expect, it } from 'vitest';
import { readyPod } from '../../../src/cluster/pods.ts';
import { deploymentTrouble, waitForDeployments } from '../../../src/cluster/wait-ready.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';

const { signal } = new AbortController();
const name = { namespace: 'apps', name: 'web' };
const deployment = (status: object, generation = 1): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { ...name, generation },
  spec: { replicas: 1, selector: { matchLabels: { app: 'web' } } },
  status,
});
const UP = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
const pod = (status: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'apps', labels: { app: 'web' } },
  status,
});
const READY = { conditions: [{ type: 'Ready', status: 'True' }] };

describe('what a deployment lacks', () => {
  it('is nothing when it runs what was asked for', async () => {
    const cluster = createFakeCluster();
    cluster.put(deployment(UP));
    expect(await deploymentTrouble(cluster, name, signal)).toBeUndefined();
  });

  it.each([
    ['its controller has not seen the change yet', UP, 2],
    ['an old pod still runs beside the new one', { ...UP, replicas: 2 }, 1],
    ['no new pod is available', { ...UP, availableReplicas: 0 }, 1],
    ['there is no status yet', {}, 1],
  ])('is reported while %s', async (_case, status, generation) => {
    const cluster = createFakeCluster();
    cluster.put(deployment(status, generation));
    expect(await deploymentTrouble(cluster, name, signal)).toBe('apps/web: its pods do not exist yet');
  });

  it('is what its pod says', async () => {
    const cluster = createFakeCluster();
    cluster.put(deployment({ ...UP, availableReplicas: 0 }));
    cluster.put(pod({ phase: 'Pending' }));
    expect(await deploymentTrouble(cluster, name, signal)).toBe('apps/web: Pending');
  });

  it('is why its pods are refused', async () => {
    const cluster = createFakeCluster();
    const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'failed calling webhook' }];
    cluster.put(deployment({ observedGeneration: 1, conditions }));
    expect(await deploymentTrouble(cluster, name, signal)).toBe('apps/web: failed calling webhook');
  });

  it('is itself', async () => {
    expect(await deploymentTrouble(createFakeCluster(), name, signal)).toBe(
      'Deployment apps/web does not exist',
    );
  });
});

describe('waiting for deployments', () => {
  it('ends in what was last seen', async () => {
    const wait = waitForDeployments(createFakeCluster(), [name], {
      timeoutMs: 0,
      signal,
      progress: () => undefined,
    });
    await expect(wait).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: expect.stringContaining('last seen: Deployment apps/web does not exist'),
    });
  });
});

describe('looking for a ready pod', () => {
  const query = { namespace: 'apps', labels: { app: 'web' } };

  it('finds it', async () => {
    const cluster = createFakeCluster();
    cluster.put(pod(READY));
    expect((await readyPod(cluster, query, signal)).metadata.name).toBe('web-1');
  });

  it('says what the others lack', async () => {
    const cluster = createFakeCluster();
    await expect(readyPod(cluster, query, signal)).rejects.toMatchObject({
      code: 'LAB_NOT_UP',
      message: 'looking for a ready pod app=web in apps: none exists',
    });
    cluster.put(pod({ phase: 'Pending' }));
    await expect(readyPod(cluster, query, signal)).rejects.toThrow(/Pending$/);
  });
});
