import { addObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'authorisation',
  what: 'a policy that looks like a refusal only audits',
  commit: (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
    return addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'stranger-audits', namespace },
      spec: {
        selector: { matchLabels: { app: serviceAccount } },
        action: 'AUDIT',
        rules: [{ to: [{ operation: { paths: ['/anything/admin'] } }] }],
      },
    });
  },
  extended: true,
  turns: { 'MD-RBAC-007': 'warn RBAC_NOT_POSITIVE', 'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT' },
};
