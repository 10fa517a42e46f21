import { addObject } from '../support/cluster.ts';
import type { Harmless } from '../support/harmless.ts';
import { idleContainer } from '../support/pods.ts';

const NAMESPACE = 'shop';

/** A Deployment with a secret, a volume of the node of no weight and a token of its own account. */
export const harmless: Harmless = {
  what: 'somebody runs a workload of their own with a secret and a directory of the node',
  apply: async (bench) => {
    const restore = await addObject(bench, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE },
    });
    await addObject(bench, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'cacerts', namespace: NAMESPACE },
      stringData: { name: 'not a key' },
    });
    const container = await idleContainer(bench, {
      env: [{ name: 'NAME', valueFrom: { secretKeyRef: { name: 'cacerts', key: 'name' } } }],
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    });
    await addObject(bench, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: NAMESPACE },
      spec: {
        selector: { matchLabels: { app: 'cart' } },
        template: {
          metadata: { labels: { app: 'cart' } },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [container],
            volumes: [{ name: 'data', hostPath: { path: '/srv/cart', type: 'DirectoryOrCreate' } }],
          },
        },
      },
    });
    await bench.kubectl('rollout', 'status', '-n', NAMESPACE, 'deployment/cart', '--timeout=90s');
    return restore;
  },
  concerns: ['MD-EXPO-014', 'MD-EXPO-009', 'MD-EXPO-010'],
};
