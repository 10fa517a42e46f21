import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'viewers may administer',
  names: 'AuthorizationPolicy apps/httpbin-admin',
  commit: (bench) =>
    patchObject(
      bench,
      {
        kind: 'authorizationpolicy',
        namespace: bench.lab.workloads.httpbin.namespace,
        name: 'httpbin-admin',
      },
      [['replace', '/spec/rules/0/when/0/values', ['admin', 'viewer']]],
    ),
  turns: {
    'MD-RBAC-002': 'fail RBAC_TOO_WIDE',
    'MD-HDR-009': 'fail RBAC_TOO_WIDE',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
  // Paths that lead below admin are HDR_PATH_NOT_JUDGED beside that: he was let in where he may only read.
  mayTurn: ['MD-HDR-009'],
};
