import { switchTlsOff } from '../support/plaintext.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** Bad servers would be refused too, for another reason: their control has to fail. */
export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a DestinationRule takes TLS from what the gateway calls outside the cluster',
  names: 'DestinationRule istio-ingress/sabotage-plain',
  commit: (bench) => switchTlsOff(bench, bench.lab.workloads.gateway.namespace, '*.internal'),
  turns: { 'MD-MESH-019': 'fail MESH_GOOD_SERVER_REFUSED', 'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT' },
};
