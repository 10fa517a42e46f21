import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { SERVICE } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the Service of one service selects no pod',
  commit: (bench) => patchObject(bench, SERVICE, [['add', '/spec/selector/stranger', 'yes']]),
  turns: {
    'MD-WRK-003[orders/protocol]': 'fail WRK_NO_SERVICE',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-WRK-002[orders/endpoints]': 'fail WRK_OTHER_ENDPOINT',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
