import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'somebody’s Telemetry decides what the proxy of the app reports',
  commit: (bench) => {
    const { workloads } = bench.lab;
    return addObject(bench, {
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: 'traces', namespace: workloads.httpbin.namespace },
      spec: {
        selector: { matchLabels: { app: workloads.httpbin.serviceAccount } },
        tracing: [{ disableSpanReporting: true }],
      },
    });
  },
  extended: true,
  turns: { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
  says: { 'MD-DRIFT-004': ['Telemetry apps/traces', 'tracing'] },
};
