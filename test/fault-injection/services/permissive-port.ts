import type { FaultInjection } from '../support/fault-injection.ts';
import { addStranger, selectorOf } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the sidecar of one service takes plaintext on its port',
  commit: (bench) =>
    addStranger(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      spec: {
        selector: { matchLabels: selectorOf(bench) },
        portLevelMtls: { 8080: { mode: 'PERMISSIVE' } },
      },
    }),
  turns: {
    'MD-MESH-005[orders]': 'fail MESH_NOT_STRICT',
    'MD-MESH-014[orders]': 'fail MESH_PORT_AROUND',
    'MD-MESH-004[policies]': 'fail MESH_NOT_STRICT',
    'MD-MESH-004[orders]': 'fail MESH_NOT_STRICT',
    'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT',
  },
};
