import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { POLICY } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the policy of one service admits every workload of the mesh',
  commit: (bench) =>
    patchObject(bench, POLICY, [
      ['replace', '/spec/rules/0/from', [{ source: { principals: ['*'] } }]],
      ['remove', '/spec/rules/0/when'],
    ]),
  turns: {
    'MD-JWT-002[orders/none]': 'fail JWT_NOT_REQUIRED',
    'MD-JWT-002[orders/in-the-query]': 'fail JWT_NOT_REQUIRED',
    'MD-RBAC-002[orders/alice-get-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/alice-get-get]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/bob-get-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/bob-get-get]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/eve-get-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/eve-get-get]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/nobody-get-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-002[orders/nobody-get-get]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-003[orders]': 'fail RBAC_SOURCE_NOT_CHECKED',
    'MD-RBAC-004[orders/alice-head-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/alice-head-get]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/bob-head-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/bob-head-get]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/eve-head-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/eve-head-get]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/nobody-head-status-200]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/nobody-head-get]': 'fail RBAC_TOO_WIDE',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
