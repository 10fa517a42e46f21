import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'mutual TLS is made optional for one workload',
  names: 'PeerAuthentication apps/sabotage-open',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'sabotage-open', namespace: 'apps' },
      spec: { selector: { matchLabels: { app: 'caller' } }, mtls: { mode: 'PERMISSIVE' } },
    }),
  turns: {
    'MD-MESH-004': 'fail MESH_NOT_STRICT',
    'MD-MESH-014': 'fail MESH_PORT_AROUND',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
};
