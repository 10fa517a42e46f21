import type { FaultInjection } from '../support/fault-injection.ts';
import { addStranger } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the mesh sends plaintext to one service',
  commit: (bench) =>
    addStranger(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      spec: {
        host: 'orders.apps.svc.cluster.local',
        exportTo: ['*'],
        trafficPolicy: { tls: { mode: 'DISABLE' } },
      },
    }),
  turns: {
    'MD-MESH-002[orders]': 'fail MESH_SERVER_NOT_THE_APP',
    'MD-MESH-013[orders]': 'fail MESH_CLIENT_WEAKENED',
    'MD-WRK-001[orders]': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT',
  },
};
