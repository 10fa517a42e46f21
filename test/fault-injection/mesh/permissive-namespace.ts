import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'mutual TLS is made optional in one namespace',
  names: 'PeerAuthentication backend/sabotage-open',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'sabotage-open', namespace: 'backend' },
      spec: { mtls: { mode: 'PERMISSIVE' } },
    }),
  extended: true,
  turns: {
    'MD-MESH-004': 'fail MESH_NOT_STRICT',
    'MD-MESH-005': 'fail MESH_NOT_STRICT',
    'MD-MESH-014': 'fail MESH_PORT_AROUND',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
};
