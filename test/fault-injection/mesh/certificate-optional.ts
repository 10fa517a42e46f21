import { mergeIntoEnvoy, otherDownstreamTls } from '../support/envoy-filter.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** From the sidecar's own agent, as istiod has it. */
const BY_AGENT = {
  resource_api_version: 'V3',
  initial_fetch_timeout: '0s',
  api_config_source: {
    api_type: 'GRPC',
    transport_api_version: 'V3',
    grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }],
  },
};

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'a sidecar asks its clients for no certificate',
  names: 'EnvoyFilter backend/sabotage',
  commit: (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.ledger;
    return mergeIntoEnvoy(bench, {
      namespace,
      app: serviceAccount,
      applyTo: 'FILTER_CHAIN',
      match: { context: 'SIDECAR_INBOUND', listener: { filterChain: { transportProtocol: 'tls' } } },
      // All of it: merging alone makes nothing false that is true.
      value: otherDownstreamTls({
        require_client_certificate: false,
        common_tls_context: {
          tls_params: { tls_minimum_protocol_version: 'TLSv1_3' },
          alpn_protocols: ['h2', 'http/1.1'],
          tls_certificate_sds_secret_configs: [{ name: 'default', sds_config: BY_AGENT }],
          // With names to match, Envoy would go on asking for a certificate.
          validation_context_sds_secret_config: { name: 'ROOTCA', sds_config: BY_AGENT },
        },
      }),
    });
  },
  extended: true,
  turns: {
    'MD-MESH-004': 'fail MESH_NOT_STRICT',
    'MD-MESH-006': 'fail MESH_CERTIFICATE_OPTIONAL',
    'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT',
  },
};
