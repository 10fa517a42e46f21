import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** istiod's own port for metrics stands for somebody's app without a sidecar: it answers everybody. */
export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'somebody’s route leads a path of the public name to an app without a sidecar',
  names: 'VirtualService default/open',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'open', namespace: 'default' },
      spec: {
        hosts: [bench.lab.hosts.httpbin],
        gateways: [`${bench.lab.workloads.gateway.namespace}/public`],
        http: [
          {
            match: [{ uri: { prefix: '/open' } }],
            rewrite: { uri: '/version' },
            route: [
              { destination: { host: 'istiod.istio-system.svc.cluster.local', port: { number: 15014 } } },
            ],
          },
        ],
      },
    }),
  turns: {
    'MD-RBAC-009[default-open]': 'fail RBAC_OPEN_PATH',
    'MD-GW-004[owner]': 'fail GW_HOST_TWICE',
    'MD-GW-004[route]': 'fail GW_OTHER_BACKEND',
    'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT',
  },
};
