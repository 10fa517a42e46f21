import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'somebody’s EnvoyFilter is in the app’s namespace',
  names: 'EnvoyFilter apps/foreign',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'foreign', namespace: bench.lab.workloads.httpbin.namespace },
      spec: {
        workloadSelector: { labels: { app: 'nobody' } },
        configPatches: [
          {
            applyTo: 'CLUSTER',
            match: { context: 'SIDECAR_OUTBOUND' },
            patch: { operation: 'MERGE', value: { connect_timeout: '7s' } },
          },
        ],
      },
    }),
  turns: { 'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT' },
};
