import { addObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'authorisation',
  what: 'a policy denies everything to a workload whose name is misspelt',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'stranger-selects-nothing', namespace: bench.lab.workloads.httpbin.namespace },
      spec: { selector: { matchLabels: { app: 'htpbin' } }, action: 'DENY', rules: [{}] },
    }),
  extended: true,
  turns: { 'MD-RBAC-006': 'fail RBAC_DETACHED' },
};
