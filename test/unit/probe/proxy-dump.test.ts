import { describe, expect, it } from 'vitest';
import { readDump } from '../../../src/probe/mesh/proxy-dump.ts';
import { readSync } from '../../../src/probe/mesh/proxies.ts';
import { ISTIO_VERSION } from '../../../src/versions.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** As Envoy 1.40 writes it, cut to what is read and a little more. */
const DUMP = {
  configs: [
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.BootstrapConfigDump',
      bootstrap: {
        node: {
          metadata: { ISTIO_VERSION: ISTIO_VERSION },
          user_agent_build_version: { version: { major_number: 1, minor_number: 40 } },
        },
      },
    },
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump',
      dynamic_listeners: [
        {
          name: '0.0.0.0_8443',
          active_state: {
            listener: {
              name: '0.0.0.0_8443',
              address: { socket_address: { address: '0.0.0.0', port_value: 8443 } },
              traffic_direction: 'OUTBOUND',
              filter_chains: [
                {
                  filter_chain_match: { server_names: ['*.mesh.localhost'] },
                  filters: [
                    {
                      name: 'envoy.filters.network.http_connection_manager',
                      typed_config: {
                        '@type': 'type.googleapis.com/a.v3.HttpConnectionManager',
                        rds: { route_config_name: 'https.443' },
                        http_filters: [
                          {
                            name: 'envoy.filters.http.rbac',
                            typed_config: {
                              '@type': 'type.googleapis.com/a.v3.RBAC',
                              rules: { policies: { 'ns[a]-policy[b]-rule[0]': {} } },
                            },
                          },
                        ],
                        forward_client_cert_details: 'SANITIZE_SET',
                        xff_num_trusted_hops: 1,
                        normalize_path: true,
                      },
                    },
                  ],
                  transport_socket: {
                    name: 'envoy.transport_sockets.tls',
                    typed_config: {
                      common_tls_context: {
                        tls_params: {
                          tls_minimum_protocol_version: 'TLSv1_3',
                          ecdh_curves: ['X25519'],
                        },
                        alpn_protocols: ['h2', 'http/1.1'],
                        tls_certificate_sds_secret_configs: [{ name: 'kubernetes://gateway-credential' }],
                        combined_validation_context: {
                          default_validation_context: {
                            match_subject_alt_names: [{ exact: 'edge.mesh.localhost' }],
                          },
                          validation_context_sds_secret_config: { name: 'ROOTCA' },
                        },
                      },
                      require_client_certificate: true,
                    },
                  },
                },
              ],
              default_filter_chain: { filters: [{ name: 'envoy.filters.network.tcp_proxy' }] },
            },
          },
          error_state: { details: 'odd cipher' },
        },
        // What was never taken has no name of its own.
        { error_state: { failed_configuration: { name: '0.0.0.0_9443' }, details: 'no such logger' } },
      ],
    },
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump',
      dynamic_active_clusters: [
        {
          cluster: {
            name: 'outbound|8000||a',
            type: 'EDS',
            metadata: {
              filter_metadata: {
                istio: {
                  config: '/apis/networking.istio.io/v1/namespaces/apps/destination-rule/wide',
                },
              },
            },
            transport_socket_matches: [
              {
                match: { tlsMode: 'istio' },
                transport_socket: {
                  name: 'tls',
                  typed_config: { common_tls_context: { alpn_protocols: ['istio'] }, sni: 'a.b' },
                },
              },
              { match: {}, transport_socket: { name: 'raw', typed_config: {} } },
            ],
          },
        },
        { cluster: { name: 'plain' } },
      ],
    },
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.RoutesConfigDump',
      dynamic_route_configs: [
        {
          route_config: {
            name: 'https.443',
            virtual_hosts: [
              {
                domains: ['a.test'],
                routes: [
                  { match: { prefix: '/old' }, route: { cluster: 'plain', prefix_rewrite: '/new' } },
                  { match: { safe_regex: {} }, redirect: {} },
                ],
              },
            ],
          },
        },
      ],
    },
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.SecretsConfigDump',
      dynamic_active_secrets: [
        {
          name: 'default',
          secret: { tls_certificate: { certificate_chain: { inline_bytes: base64('CHAIN') } } },
        },
      ],
      dynamic_warming_secrets: [{ name: 'ROOTCA', secret: { validation_context: {} } }],
    },
  ],
};

describe('readDump', () => {
  const facts = readDump(JSON.stringify(DUMP));

  it('reads versions, secrets, policies and what was rejected', () => {
    expect(facts).toMatchObject({
      istioVersion: ISTIO_VERSION,
      envoyVersion: '1.40.0',
      secrets: [
        { name: 'default', state: 'active', chainPem: 'CHAIN' },
        { name: 'ROOTCA', state: 'warming' },
      ],
      policies: ['ns[a]-policy[b]-rule[0]'],
      rejected: [
        { resource: 'listener 0.0.0.0_8443', reason: 'odd cipher' },
        { resource: 'listener 0.0.0.0_9443', reason: 'no such logger' },
      ],
    });
  });

  it('reads a listener with its default chain last', () => {
    expect(facts.listeners).toMatchObject([
      {
        name: '0.0.0.0_8443',
        port: 8443,
        direction: 'outbound',
        chains: [
          {
            isDefault: false,
            match: { serverNames: ['*.mesh.localhost'] },
            socket: {
              kind: 'tls',
              minVersion: 'TLSv1.3',
              groups: ['X25519'],
              anchors: 'ROOTCA',
              peerNames: ['exact edge.mesh.localhost'],
              requiresClientCertificate: true,
            },
            http: {
              forwardClientCert: 'SANITIZE_SET',
              trustedHops: 1,
              mergeSlashes: false,
              routes: 'https.443',
            },
          },
          { isDefault: true, socket: { kind: 'plaintext' }, filters: ['envoy.filters.network.tcp_proxy'] },
        ],
      },
    ]);
  });

  it('reads the sockets of a cluster by the label that selects them', () => {
    expect(facts.clusters).toMatchObject([
      {
        name: 'outbound|8000||a',
        rule: 'DestinationRule apps/wide',
        sockets: [
          { tlsMode: 'istio', socket: { kind: 'tls', sni: 'a.b', alpn: ['istio'] } },
          { tlsMode: 'any', socket: { kind: 'plaintext' } },
        ],
      },
      { name: 'plain', sockets: [{ tlsMode: 'any', socket: { kind: 'plaintext' } }] },
    ]);
  });

  it('reads routes with their rewrites, and one that forwards nowhere', () => {
    expect(facts.routes).toEqual([
      {
        name: 'https.443',
        hosts: [
          {
            domains: ['a.test'],
            routes: [
              { cluster: 'plain', path: '/old', rewritesPath: '/new', rewritesHost: undefined },
              { cluster: undefined, path: '(other)', rewritesPath: undefined, rewritesHost: undefined },
            ],
          },
        ],
      },
    ]);
  });
});

it('readSync gives what istiod sent and what was acknowledged, by pod', () => {
  const text = JSON.stringify([
    {
      proxy: 'httpbin-0.apps',
      resources: { 'type.googleapis.com/envoy.config.listener.v3.Listener': { sent: 'a', acked: 'b' } },
    },
  ]);
  expect(readSync(text).get('httpbin-0.apps')).toEqual([{ type: 'Listener', sent: 'a', acked: 'b' }]);
});
