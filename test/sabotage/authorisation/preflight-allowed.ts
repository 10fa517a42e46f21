import { addObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'authorisation',
  what: 'somebody lets every OPTIONS pass, for the sake of CORS',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'stranger-allows-options', namespace: bench.lab.workloads.httpbin.namespace },
      spec: {
        selector: { matchLabels: { app: bench.lab.workloads.httpbin.serviceAccount } },
        action: 'ALLOW',
        rules: [{ to: [{ operation: { methods: ['OPTIONS'] } }] }],
      },
    }),
  turns: { 'MD-RBAC-004': 'fail RBAC_TOO_WIDE', 'MD-RBAC-005': 'fail RBAC_PREFLIGHT_PASSES' },
};
