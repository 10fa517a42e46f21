import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { SECOND_POLICY } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the policy of one service admits a role more to a rule',
  commit: (bench) =>
    patchObject(bench, SECOND_POLICY, [['add', '/spec/rules/0/when/0/values/-', 'customer']]),
  turns: {
    'MD-RBAC-002[orders/ben-post-post]': 'fail RBAC_TOO_WIDE',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
