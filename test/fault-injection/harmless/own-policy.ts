import { addObject } from '../support/cluster.ts';
import type { Harmless } from '../support/harmless.ts';

const NAMESPACE = 'shop';

/** A workload of somebody's own with a sidecar, and a policy that names it. */
export const harmless: Harmless = {
  what: 'somebody protects a workload of their own by a policy of their own',
  apply: async (bench) => {
    const restore = await addObject(bench, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE, labels: { 'istio-injection': 'enabled' } },
    });
    const { image } = JSON.parse(
      await bench.kubectl(
        'get',
        '-n',
        'apps',
        'deployment',
        'httpbin',
        '-o',
        'jsonpath={.spec.template.spec.containers[0]}',
      ),
    );
    await addObject(bench, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: NAMESPACE },
      spec: {
        selector: { matchLabels: { app: 'cart' } },
        template: {
          metadata: { labels: { app: 'cart' } },
          spec: {
            containers: [
              { name: 'cart', image, imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 8080 }] },
            ],
          },
        },
      },
    });
    await addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'cart', namespace: NAMESPACE },
      spec: {
        selector: { matchLabels: { app: 'cart' } },
        rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/default'] } }] }],
      },
    });
    await bench.kubectl('rollout', 'status', '-n', NAMESPACE, 'deployment/cart', '--timeout=90s');
    return restore;
  },
  concerns: ['MD-RBAC-006', 'MD-RBAC-007', 'MD-DRIFT-001', 'MD-DRIFT-006'],
};
