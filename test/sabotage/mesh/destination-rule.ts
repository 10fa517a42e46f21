import { addObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'mesh',
  what: 'a DestinationRule switches TLS off toward one service',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'sabotage-plain', namespace: 'backend' },
      spec: {
        host: 'ledger.backend.svc.cluster.local',
        trafficPolicy: { tls: { mode: 'DISABLE' } },
      },
    }),
  turns: {
    'MD-MESH-013': 'fail MESH_CLIENT_WEAKENED',
    'MD-MESH-017': 'fail MESH_PEER_REFUSED',
  },
};
