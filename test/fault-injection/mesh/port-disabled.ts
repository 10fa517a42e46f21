import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'mutual TLS is switched off for one port of one workload',
  names: 'PeerAuthentication backend/sabotage-port',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'sabotage-port', namespace: 'backend' },
      spec: {
        selector: { matchLabels: { app: 'ledger' } },
        mtls: { mode: 'STRICT' },
        portLevelMtls: { 8080: { mode: 'DISABLE' } },
      },
    }),
  extended: true,
  turns: {
    // Without TLS there is no alert either: a client is closed for speaking another protocol.
    'MD-MESH-006': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-MESH-009': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-MESH-004': 'fail MESH_NOT_STRICT',
    'MD-MESH-005': 'fail MESH_NOT_STRICT',
    'MD-MESH-014': 'fail MESH_PORT_AROUND',
    'MD-MESH-017': 'fail MESH_PEER_REFUSED',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
};
