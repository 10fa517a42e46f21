import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a port is excluded from the capture of the sidecar',
  names: 'Deployment backend/ledger',
  commit: (bench) =>
    patchObject(bench, { kind: 'deployment', namespace: 'backend', name: 'ledger' }, [
      ['add', '/spec/template/metadata/annotations/traffic.sidecar.istio.io~1excludeInboundPorts', '8080'],
    ]),
  extended: true,
  turns: {
    'MD-MESH-005': 'fail MESH_NOT_STRICT',
    'MD-MESH-014': 'fail MESH_PORT_AROUND',
    'MD-MESH-017': 'fail MESH_PEER_REFUSED',
    // Who is not met with TLS sends no alert.
    'MD-MESH-006': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-MESH-009': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
