import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'an EnvoyFilter makes the gateway reject what istiod sends',
  names: 'EnvoyFilter istio-ingress/broken',
  commit: (bench) =>
    addObject(bench, {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'broken', namespace: bench.lab.workloads.gateway.namespace },
      spec: {
        configPatches: [
          {
            applyTo: 'LISTENER',
            match: { context: 'GATEWAY', listener: { portNumber: 8443 } },
            patch: {
              operation: 'MERGE',
              value: {
                access_log: [
                  {
                    name: 'no-such-logger',
                    typed_config: {
                      '@type': 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog',
                    },
                  },
                ],
              },
            },
          },
        ],
      },
    }),
  extended: true,
  turns: { 'MD-GW-003': 'fail GW_UPDATE_REJECTED', 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
};
