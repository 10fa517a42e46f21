import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'somebody sets variables of the proxies of the internal service',
  commit: (bench) => {
    const { workloads } = bench.lab;
    return addObject(bench, {
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'ProxyConfig',
      metadata: { name: 'variables', namespace: workloads.ledger.namespace },
      spec: { environmentVariables: { SSLKEYLOGFILE: '/tmp/keys' } },
    });
  },
  extended: true,
  turns: { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
  says: { 'MD-DRIFT-004': ['SSLKEYLOGFILE', 'backend/ledger'] },
};
