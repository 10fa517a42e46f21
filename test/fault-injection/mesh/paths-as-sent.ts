import { changeMeshConfig } from '../support/mesh-config.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'paths are judged and handed on as they are sent (pathNormalization NONE)',
  names: 'ConfigMap istio-system/istio',
  commit: (bench) =>
    changeMeshConfig(bench, (mesh) =>
      mesh.replace('normalization: DECODE_AND_MERGE_SLASHES', 'normalization: NONE'),
    ),
  extended: true,
  turns: { 'MD-HDR-009': 'fail HDR_PATH_NOT_JUDGED', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
