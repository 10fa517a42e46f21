import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { POLICY } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the policy of one service admits DELETE',
  commit: (bench) =>
    patchObject(bench, POLICY, [['add', '/spec/rules/0/to/0/operation/methods/-', 'DELETE']]),
  turns: {
    'MD-RBAC-002[orders/ann-delete-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/ann-delete-get]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/ben-delete-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/ben-delete-get]': 'fail RBAC_TOO_WIDE',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
