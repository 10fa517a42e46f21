import { downstreamTls, mergeIntoEnvoy } from '../support/envoy-filter.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'mesh',
  what: 'a sidecar asks its clients for no certificate',
  commit: (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.ledger;
    return mergeIntoEnvoy(bench, {
      namespace,
      app: serviceAccount,
      applyTo: 'FILTER_CHAIN',
      match: { context: 'SIDECAR_INBOUND', listener: { filterChain: { transportProtocol: 'tls' } } },
      value: downstreamTls({ require_client_certificate: false }),
    });
  },
  extended: true,
  turns: { 'MD-MESH-006': 'fail MESH_CERTIFICATE_OPTIONAL', 'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT' },
};
