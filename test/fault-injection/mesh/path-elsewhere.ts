import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a route of another namespace leads one path of an internal service elsewhere',
  commit: (bench) => {
    const { workloads } = bench.lab;
    return addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'elsewhere', namespace: 'default' },
      spec: {
        hosts: [`${workloads.ledger.serviceAccount}.${workloads.ledger.namespace}.svc.cluster.local`],
        http: [
          {
            match: [{ uri: { prefix: '/never' } }],
            route: [
              {
                destination: {
                  host: `${workloads.httpbin.serviceAccount}.${workloads.httpbin.namespace}.svc.cluster.local`,
                },
              },
            ],
          },
          {
            route: [
              {
                destination: {
                  host: `${workloads.ledger.serviceAccount}.${workloads.ledger.namespace}.svc.cluster.local`,
                },
              },
            ],
          },
        ],
      },
    });
  },
  turns: { 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
  // Routes of the sidecar are compared with one backend each.
  mayTurn: ['MD-DRIFT-006'],
  says: {
    'MD-DRIFT-004': [
      'VirtualService default/elsewhere',
      'ledger.backend.svc.cluster.local at every sidecar',
      'httpbin.apps',
    ],
  },
};
