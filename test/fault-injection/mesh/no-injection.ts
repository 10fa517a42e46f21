import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a workload is made without a sidecar',
  names: 'Deployment backend/ledger',
  commit: (bench) =>
    patchObject(bench, { kind: 'deployment', namespace: 'backend', name: 'ledger' }, [
      ['add', '/spec/template/metadata/labels/sidecar.istio.io~1inject', 'false'],
    ]),
  extended: true,
  turns: {
    'MD-MESH-001': 'fail MESH_NO_SIDECAR',
    'MD-MESH-005': 'fail MESH_NOT_STRICT',
    'MD-MESH-017': 'fail CONT_NO_XFCC',
    // Who is not met with TLS sends no alert.
    'MD-MESH-006': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-MESH-009': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
