import { changeMeshConfig } from '../support/mesh-config.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'sidecars may speak TLS 1.2 (`meshMTLS.minProtocolVersion`)',
  names: 'ConfigMap istio-system/istio',
  commit: (bench) =>
    changeMeshConfig(bench, (mesh) =>
      mesh.replace('minProtocolVersion: TLSV1_3', 'minProtocolVersion: TLSV1_2'),
    ),
  extended: true,
  turns: { 'MD-MESH-009': 'fail MESH_TLS_TOO_OLD', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
