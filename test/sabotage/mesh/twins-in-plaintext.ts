import { addObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

/** Bad servers would be refused too, for another reason: their control has to fail. */
export const sabotage: Sabotage = {
  category: 'mesh',
  what: 'a DestinationRule takes TLS from what the gateway calls outside the cluster',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'sabotage', namespace: bench.lab.workloads.gateway.namespace },
      spec: { host: '*.internal', trafficPolicy: { tls: { mode: 'DISABLE' } } },
    }),
  turns: { 'MD-MESH-019': 'fail MESH_GOOD_SERVER_REFUSED' },
};
