import { httpManager, mergeIntoEnvoy } from '../support/envoy-filter.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway believes one proxy more than there is',
  names: 'EnvoyFilter istio-ingress/sabotage',
  commit: (bench) =>
    mergeIntoEnvoy(bench, {
      namespace: bench.lab.workloads.gateway.namespace,
      applyTo: 'NETWORK_FILTER',
      match: {
        context: 'GATEWAY',
        listener: {
          portNumber: 8443,
          filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } },
        },
      },
      value: httpManager({ xff_num_trusted_hops: 2 }),
    }),
  extended: true,
  turns: { 'MD-GW-007': 'fail GW_LISTENER_SETTING', 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
};
