import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { spiffeId } from '../../../src/topology/identity.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a DestinationRule accepts other identities of the app than its own',
  names: 'DestinationRule istio-ingress/sabotage-wide',
  commit: (bench) => {
    const { httpbin, caller, gateway } = bench.lab.workloads;
    return addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'sabotage-wide', namespace: gateway.namespace },
      spec: {
        host: `${httpbin.serviceAccount}.${httpbin.namespace}.svc.cluster.local`,
        trafficPolicy: {
          tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: [spiffeId(httpbin), spiffeId(caller)] },
        },
      },
    });
  },
  extended: true,
  turns: { 'MD-MESH-013[gateway]': 'fail MESH_CLIENT_WEAKENED', 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
};
