import { describe, expect, it } from 'vitest';
import { workloadsTrouble, workloadTrouble } from '../../../src/cluster/workload-ready.ts';
import type { KubeObject } from '../../../src/ports/cluster.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';

const { signal } = new AbortController();

function workload(kind: string, status: object, spec: object = { replicas: 2 }): KubeObject {
  const apiVersion = kind === 'Pod' ? 'v1' : 'apps/v1';
  const metadata = { name: 'db', namespace: 'apps', generation: 2, labels: { app: 'db' } };
  return { apiVersion, kind, metadata, spec, status };
}

async function trouble(object: KubeObject, pods: readonly KubeObject[] = []): Promise<string | undefined> {
  const cluster = createFakeCluster();
  for (const each of [object, ...pods]) cluster.put(each);
  const { apiVersion, kind } = object;
  return workloadTrouble(
    cluster,
    { apiVersion, kind, namespace: 'apps', name: 'db', labels: { app: 'db' } },
    signal,
  );
}

const SET = { observedGeneration: 2, replicas: 2, readyReplicas: 2, updatedReplicas: 2 };
const DAEMONS = {
  observedGeneration: 2,
  desiredNumberScheduled: 1,
  numberReady: 1,
  updatedNumberScheduled: 1,
};
const READY = { conditions: [{ type: 'Ready', status: 'True' }] };
const ON_DELETE = { replicas: 2, updateStrategy: { type: 'OnDelete' } };
const PARTITION = { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } };

describe('what a workload lacks', () => {
  it.each([
    ['StatefulSet', SET, undefined],
    ['StatefulSet', { ...SET, updatedReplicas: 0 }, ON_DELETE],
    ['StatefulSet', { ...SET, updatedReplicas: 1 }, PARTITION],
    ['ReplicaSet', { ...SET, updatedReplicas: 0 }, undefined],
    ['DaemonSet', DAEMONS, {}],
    ['Pod', READY, {}],
  ])('is nothing when a %s runs what was asked for: %j %j', async (kind, status, spec) => {
    expect(await trouble(workload(kind, status, spec))).toBeUndefined();
  });

  it.each([
    ['StatefulSet', { ...SET, observedGeneration: 1 }, 'its controller has not seen the last change'],
    ['StatefulSet', { ...SET, readyReplicas: 1 }, '1 of 2 pods are ready'],
    ['StatefulSet', { ...SET, replicas: 3 }, '2 of 2 pods are ready'],
    ['StatefulSet', { ...SET, updatedReplicas: 1 }, '1 of 2 pods are of the last change'],
    ['ReplicaSet', { ...SET, readyReplicas: 0 }, '0 of 2 pods are ready'],
    ['DaemonSet', { ...DAEMONS, numberReady: 0 }, '0 of 1 pods are ready'],
    ['DaemonSet', { ...DAEMONS, updatedNumberScheduled: 0 }, '0 of 1 pods are of the last change'],
    ['DaemonSet', { observedGeneration: 2 }, 'no node takes its pods'],
    ['Pod', { phase: 'Pending' }, 'Pending'],
  ])('is said of a %s with %j', async (kind, status, said) => {
    expect(await trouble(workload(kind, status))).toBe(`apps/db: ${said}`);
  });

  it('is what one of its pods says', async () => {
    const pod = { ...workload('Pod', { phase: 'Pending' }) };
    const named = { ...pod, metadata: { ...pod.metadata, name: 'db-0' } };
    expect(await trouble(workload('StatefulSet', { ...SET, readyReplicas: 0 }), [named])).toBe(
      'apps/db: Pending',
    );
  });

  it('is itself, one after the other', async () => {
    const names = ['StatefulSet', 'Deployment'].map((kind) => ({
      apiVersion: 'apps/v1',
      kind,
      namespace: 'apps',
      name: 'db',
      labels: {},
    }));
    expect(await workloadsTrouble(createFakeCluster(), names, signal)).toBe(
      'StatefulSet apps/db does not exist · Deployment apps/db does not exist',
    );
  });
});
