import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'the read policy asks for no role',
  names: 'AuthorizationPolicy apps/httpbin-read',
  commit: (bench) =>
    patchObject(
      bench,
      { kind: 'authorizationpolicy', namespace: bench.lab.workloads.httpbin.namespace, name: 'httpbin-read' },
      [['remove', '/spec/rules/0/when']],
    ),
  turns: {
    'MD-RBAC-002': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
