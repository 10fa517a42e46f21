import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'the route sends each request a second time (mirror)',
  names: 'VirtualService apps/httpbin',
  commit: (bench) =>
    patchObject(
      bench,
      { kind: 'virtualservice', namespace: bench.lab.workloads.httpbin.namespace, name: 'httpbin' },
      [['add', '/spec/http/0/mirror', { host: 'httpbin.apps.svc.cluster.local', port: { number: 8000 } }]],
    ),
  extended: true,
  turns: {
    'MD-CONT-006': 'fail CONT_NOT_ONCE',
    'MD-HDR-003': 'fail HDR_CONTROL_ARRIVED',
    'MD-HDR-007': 'fail HDR_SMUGGLED',
    'MD-HDR-009': 'fail HDR_PATH_NOT_JUDGED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
