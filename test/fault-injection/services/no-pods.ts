import type { FaultInjection } from '../support/fault-injection.ts';
import { scaledToNone } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'one service has no pod',
  commit: scaledToNone,
  turns: {
    'MD-MESH-001[orders]': 'fail WRK_NO_READY_POD',
    'MD-WRK-003[orders/process]': 'fail WRK_NO_READY_POD',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-WRK-002[orders/pods]': 'fail WRK_NO_READY_POD',
    'MD-WRK-002[orders/image]': 'fail WRK_NO_READY_POD',
    'MD-WRK-002[orders/endpoints]': 'fail WRK_OTHER_ENDPOINT',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
    'MD-DRIFT-006[IST0127-AuthorizationPolicy-apps-orders-1]': 'fail DRIFT_ANALYSIS',
    'MD-DRIFT-006[IST0127-AuthorizationPolicy-apps-orders-2]': 'fail DRIFT_ANALYSIS',
  },
};
