import { deleteObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { ROUTE } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the gateway has no route to one service',
  commit: (bench) => deleteObject(bench, ROUTE),
  turns: {
    'MD-GW-004[orders/*]': 'fail GW_NO_ROUTE',
    'MD-RBAC-002[orders/alice-get-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-002[orders/bob-get-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-002[orders/eve-get-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-002[orders/ann-get-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-002[orders/ben-get-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-002[orders/nobody-get-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-004[orders/alice-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-004[orders/bob-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-004[orders/eve-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-004[orders/ann-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-004[orders/ben-*]': 'fail REFUSED_ELSEWHERE',
    'MD-RBAC-004[orders/nobody-*]': 'fail REFUSED_ELSEWHERE',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
