import { changeMeshConfig } from '../support/mesh-config.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'the access log of the mesh writes bytes where the time of a request belongs',
  names: 'ConfigMap istio-system/istio',
  commit: (bench) => changeMeshConfig(bench, (yaml) => yaml.replace('%DURATION%', '%BYTES_SENT%')),
  extended: true,
  turns: { 'MD-CONT-009': 'warn CONT_LATENCY', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
