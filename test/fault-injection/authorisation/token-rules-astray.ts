import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'rules for tokens name a workload that is misspelt, and an issuer that others name too',
  names: 'RequestAuthentication apps/astray',
  commit: (bench) => {
    const { issuer, workloads } = bench.lab;
    return addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name: 'astray', namespace: workloads.httpbin.namespace },
      spec: {
        selector: { matchLabels: { app: 'htpbin' } },
        jwtRules: [{ issuer, jwksUri: `${issuer}/jwks` }],
      },
    });
  },
  extended: true,
  turns: { 'MD-RBAC-006': 'fail RBAC_DETACHED', 'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT' },
};
