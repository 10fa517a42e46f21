import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'mutual TLS is made optional in the whole mesh (PERMISSIVE)',
  names: 'PeerAuthentication istio-system/default',
  commit: (bench) =>
    patchObject(bench, { kind: 'peerauthentication', namespace: 'istio-system', name: 'default' }, [
      ['replace', '/spec/mtls/mode', 'PERMISSIVE'],
    ]),
  turns: {
    'MD-MESH-004': 'fail MESH_NOT_STRICT',
    'MD-MESH-005': 'fail MESH_NOT_STRICT',
    'MD-MESH-014': 'fail MESH_PORT_AROUND',
    'MD-EXPO-005': 'fail EXPO_PROXY_OPEN',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
