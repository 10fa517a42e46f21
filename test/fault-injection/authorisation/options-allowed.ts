import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'readers may send OPTIONS',
  names: 'AuthorizationPolicy apps/httpbin-read',
  commit: (bench) =>
    patchObject(
      bench,
      { kind: 'authorizationpolicy', namespace: bench.lab.workloads.httpbin.namespace, name: 'httpbin-read' },
      [['add', '/spec/rules/0/to/0/operation/methods/-', 'OPTIONS']],
    ),
  extended: true,
  turns: { 'MD-RBAC-004': 'fail RBAC_TOO_WIDE', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
