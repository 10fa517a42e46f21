import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'somebody’s Sidecar decides what the proxy of the internal service knows',
  commit: (bench) => {
    const { workloads } = bench.lab;
    return addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'scope', namespace: workloads.ledger.namespace },
      spec: { egress: [{ hosts: ['*/*'] }] },
    });
  },
  extended: true,
  turns: { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
  says: { 'MD-DRIFT-004': ['Sidecar backend/scope', 'backend/ledger'] },
};
