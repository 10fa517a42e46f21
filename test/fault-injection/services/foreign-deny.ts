import type { FaultInjection } from '../support/fault-injection.ts';
import { addStranger, selectorOf } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'a policy of somebody else denies all to the pods of one service',
  commit: (bench) =>
    addStranger(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      spec: { selector: { matchLabels: selectorOf(bench) }, action: 'DENY', rules: [{}] },
    }),
  turns: {
    'MD-JWT-001[orders]': 'fail JWT_VALID_REFUSED',
    'MD-RBAC-001[orders/*]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-002[orders/*]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/alice-*]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/bob-*]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/eve-*]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/nobody-*]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/httpbin-*]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/ledger-*]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/stock-*]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/caller-*]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/ann-head-post]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/ann-head-meshdev-unlisted]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/ben-head-post]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/ben-head-meshdev-unlisted]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-004[orders/ann-head-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ann-head-get]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ben-head-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ben-head-get]': 'fail RBAC_LOCKED_OUT',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT',
  },
};
