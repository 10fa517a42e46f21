import { downstreamTls, mergeIntoEnvoy } from '../support/envoy-filter.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway takes certificates that ran out',
  names: 'EnvoyFilter istio-ingress/sabotage',
  commit: (bench) =>
    mergeIntoEnvoy(bench, {
      namespace: bench.lab.workloads.gateway.namespace,
      applyTo: 'FILTER_CHAIN',
      match: { context: 'GATEWAY', listener: { portNumber: 8443 } },
      value: downstreamTls({
        common_tls_context: {
          combined_validation_context: { default_validation_context: { allow_expired_certificate: true } },
        },
      }),
    }),
  extended: true,
  turns: { 'MD-EGW-010': 'fail EGW_VALIDITY_NOT_CHECKED', 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
};
