import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** Only for services outside the cluster's own zone: with it for the app itself nothing would pass STRICT any more. */
export const fault: FaultInjection = {
  category: 'certificates',
  what: 'a DestinationRule lets the gateway speak TLS to anybody',
  names: 'DestinationRule istio-ingress/anybody',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'anybody', namespace: bench.lab.workloads.gateway.namespace },
      spec: {
        host: '*.internal',
        trafficPolicy: { tls: { mode: 'SIMPLE', insecureSkipVerify: true } },
      },
    }),
  extended: true,
  turns: { 'MD-MESH-010': 'fail MESH_BAD_SERVER_ACCEPTED', 'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT' },
};
