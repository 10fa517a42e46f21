import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { ROUTE } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the route of one service leads to another one',
  commit: (bench) =>
    patchObject(bench, ROUTE, [
      ['replace', '/spec/http/0/route/0/destination/host', 'stock.apps.svc.cluster.local'],
    ]),
  turns: {
    'MD-GW-004[orders/route]': 'fail GW_OTHER_BACKEND',
    'MD-MESH-002[orders]': 'fail MESH_SERVER_NOT_THE_APP',
    'MD-MESH-003[orders]': 'fail MESH_PASSTHROUGH',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
  },
};
