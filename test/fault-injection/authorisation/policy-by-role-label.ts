import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'a policy for the label that meshdev gives to pods admits another path',
  commit: (bench) => {
    const { workloads } = bench.lab;
    return addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'by-label', namespace: workloads.ledger.namespace },
      spec: {
        selector: { matchLabels: { 'dev.meshdev.role': 'ledger' } },
        rules: [{ to: [{ operation: { paths: ['/uuid'] } }] }],
      },
    });
  },
  extended: true,
  turns: { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
  says: { 'MD-DRIFT-004': ['backend/ledger', 'paths /uuid'] },
};
