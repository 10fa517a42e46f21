import type { FaultInjection } from '../support/fault-injection.ts';
import { patchPods } from '../support/services.ts';

export const fault: FaultInjection = {
  category: 'services',
  what: 'the pod of one service has no sidecar',
  commit: (bench) =>
    patchPods(bench, [['add', '/spec/template/metadata/labels/sidecar.istio.io~1inject', 'false']]),
  turns: {
    'MD-MESH-002[orders]': 'fail MESH_SERVER_NOT_THE_APP',
    'MD-MESH-005[orders]': 'fail MESH_NOT_STRICT',
    'MD-MESH-018[orders]': 'fail MESH_CONTROL_REFUSED',
    'MD-MESH-001[orders]': 'fail MESH_NO_SIDECAR',
    'MD-DRIFT-001[orders]': 'fail DRIFT_OBJECTS',
    'MD-DRIFT-006[IST0127-AuthorizationPolicy-apps-orders-1]': 'fail DRIFT_ANALYSIS',
    'MD-DRIFT-006[IST0127-AuthorizationPolicy-apps-orders-2]': 'fail DRIFT_ANALYSIS',
  },
};
