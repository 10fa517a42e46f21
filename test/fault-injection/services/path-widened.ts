import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { POLICY } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the policy of one service admits its users to a path more',
  commit: (bench) => patchObject(bench, POLICY, [['add', '/spec/rules/0/to/0/operation/paths/-', '/post']]),
  turns: {
    'MD-RBAC-002[orders/ann-get-post]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/ben-get-post]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/ann-head-post]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/ben-head-post]': 'fail RBAC_TOO_WIDE',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
