import { deleteObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { POLICY } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'one service has lost the policy of its first rule',
  commit: (bench) => deleteObject(bench, POLICY),
  turns: {
    'MD-JWT-001[orders]': 'fail JWT_VALID_REFUSED',
    'MD-RBAC-001[orders/ann-get-*]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-001[orders/ben-*]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ann-head-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ann-head-get]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ben-head-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ben-head-get]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-006[orders/policy-apps-orders-1]': 'fail RBAC_DETACHED',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
