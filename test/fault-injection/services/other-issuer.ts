import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { TOKENS } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'one service takes the tokens of another issuer instead',
  commit: (bench) =>
    patchObject(bench, TOKENS, [['replace', '/spec/jwtRules/0/issuer', 'https://other.example']]),
  turns: {
    'MD-JWT-001[orders]': 'fail JWT_VALID_REFUSED',
    'MD-RBAC-001[orders/ann-get-*]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-001[orders/ben-*]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-002[orders/alice-get-*]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-002[orders/bob-get-*]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-002[orders/eve-get-*]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-002[orders/ann-get-*]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-002[orders/ben-get-*]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-003[orders]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-004[orders/alice-*]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-004[orders/bob-*]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-004[orders/eve-*]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-004[orders/ann-head-post]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-004[orders/ann-head-meshdev-unlisted]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-004[orders/ben-head-post]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-004[orders/ben-head-meshdev-unlisted]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-RBAC-004[orders/ann-head-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ann-head-get]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ben-head-status-200]': 'fail RBAC_LOCKED_OUT',
    'MD-RBAC-004[orders/ben-head-get]': 'fail RBAC_LOCKED_OUT',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
