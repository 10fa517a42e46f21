import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'one more policy admits every request with a header that somebody knows',
  commit: (bench) => {
    const { workloads } = bench.lab;
    return addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'magic', namespace: workloads.httpbin.namespace },
      spec: {
        selector: { matchLabels: { app: workloads.httpbin.serviceAccount } },
        rules: [{ when: [{ key: 'request.headers[x-magic]', values: ['open'] }] }],
      },
    });
  },
  turns: { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
  says: { 'MD-DRIFT-004': ['admits every caller, without a token,', 'request.headers[x-magic]'] },
};
