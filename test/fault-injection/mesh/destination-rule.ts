import { switchTlsOff } from '../support/plaintext.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a DestinationRule switches TLS off toward one service',
  names: 'DestinationRule backend/sabotage-plain',
  commit: (bench) => switchTlsOff(bench, 'backend', 'ledger.backend.svc.cluster.local'),
  turns: {
    'MD-MESH-013': 'fail MESH_CLIENT_WEAKENED',
    'MD-MESH-017': 'fail MESH_PEER_REFUSED',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
};
