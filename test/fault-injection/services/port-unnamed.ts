import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { SERVICE } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the port of the Service of one service has no name and no protocol',
  commit: (bench) =>
    patchObject(bench, SERVICE, [
      ['remove', '/spec/ports/0/name'],
      ['remove', '/spec/ports/0/appProtocol'],
    ]),
  turns: {
    'MD-WRK-003[orders/protocol]': 'fail WRK_NOT_HTTP',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
    'MD-DRIFT-006[IST0118-Service-apps-orders]': 'warn DRIFT_ANALYSIS',
  },
};
