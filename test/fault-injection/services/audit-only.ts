import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { POLICY } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the policy of one service is for audit instead of ALLOW',
  commit: (bench) => patchObject(bench, POLICY, [['replace', '/spec/action', 'AUDIT']]),
  turns: {
    'MD-JWT-001[orders]': 'fail JWT_VALID_REFUSED',
    'MD-RBAC-001[orders/ann-get-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-001[orders/ann-get-get]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-001[orders/ben-get-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-001[orders/ben-get-get]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ann-head-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ann-head-get]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ben-head-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ben-head-get]': 'fail RBAC_LOCKED_OUT',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
