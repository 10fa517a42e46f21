import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { CALLERS } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the caller list of one service names a workload more',
  commit: (bench) =>
    patchObject(bench, CALLERS, [
      ['add', '/spec/rules/0/from/0/source/principals/-', 'cluster.local/ns/apps/sa/caller'],
    ]),
  turns: {
    'MD-RBAC-002[stock/caller-get-get]': 'fail RBAC_TOO_WIDE',
    'MD-DRIFT-001[stock]': 'fail DRIFT_OBJECTS',
  },
};
