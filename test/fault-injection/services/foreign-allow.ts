import type { FaultInjection } from '../support/fault-injection.ts';
import { addStranger, selectorOf } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'a policy of somebody else admits all to the pods of one service',
  commit: (bench) =>
    addStranger(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      spec: { selector: { matchLabels: selectorOf(bench) }, action: 'ALLOW', rules: [{}] },
    }),
  turns: {
    'MD-JWT-002[orders/none]': 'fail JWT_NOT_REQUIRED',
    'MD-JWT-002[orders/in-the-query]': 'fail JWT_NOT_REQUIRED',
    'MD-RBAC-001[orders/ann-post-post]': 'fail RBAC_OTHER_POLICY',
    'MD-RBAC-002[orders/*]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-003[orders]': 'fail RBAC_SOURCE_NOT_CHECKED',
    'MD-RBAC-004[orders/alice-*]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/bob-*]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/eve-*]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/nobody-*]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/httpbin-*]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/ledger-*]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/stock-*]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/caller-*]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/ann-head-post]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/ann-head-meshdev-unlisted]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/ben-head-post]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004[orders/ben-head-meshdev-unlisted]': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-006[orders/foreign]': 'fail RBAC_FOREIGN_ALLOW',
    'MD-RBAC-008[orders]': 'fail RBAC_DEFAULT_OPEN',
    'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT',
  },
};
