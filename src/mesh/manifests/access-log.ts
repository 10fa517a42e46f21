import {
  AUTHORITY,
  FORWARDED_FOR,
  id,
  METHOD,
  PATH,
  SERVER_NAME,
  USER_AGENT,
} from './without-credentials.ts';

/**
 * What gateway and sidecars write about each request: one JSON line, a missing value is `null`.
 * Envoy rejects a whole listener for one unknown operator and keeps its old configuration, so every
 * operator here was accepted by the oldest Envoy that meshdev supports (1.40).
 * Query strings are left out, and whatever looks like a token in the texts of a client's making: claims may be
 * logged, credentials never.
 */
export const REQUEST_LOG = {
  record: 'request',
  start_time: '%START_TIME%',
  meshdev_id: id('X-MESHDEV-ID'),
  request_id: id('X-REQUEST-ID'),
  method: METHOD,
  authority: AUTHORITY,
  path: PATH,
  protocol: '%PROTOCOL%',
  forwarded_for: FORWARDED_FOR,
  user_agent: USER_AGENT,

  status: '%RESPONSE_CODE%',
  response_flags: '%RESPONSE_FLAGS%',
  response_code_details: '%RESPONSE_CODE_DETAILS%',
  connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
  bytes_received: '%BYTES_RECEIVED%',
  bytes_sent: '%BYTES_SENT%',

  downstream_remote: '%DOWNSTREAM_REMOTE_ADDRESS%',
  downstream_direct: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%',
  downstream_local: '%DOWNSTREAM_LOCAL_ADDRESS%',
  sni: SERVER_NAME,
  downstream_tls_version: '%DOWNSTREAM_TLS_VERSION%',
  downstream_tls_cipher: '%DOWNSTREAM_TLS_CIPHER%',
  downstream_tls_group: '%DOWNSTREAM_TLS_GROUP%',
  downstream_peer_uri_san: '%DOWNSTREAM_PEER_URI_SAN%',
  downstream_peer_dns_san: '%DOWNSTREAM_PEER_DNS_SAN%',
  downstream_peer_subject: '%DOWNSTREAM_PEER_SUBJECT%',
  downstream_peer_issuer: '%DOWNSTREAM_PEER_ISSUER%',
  downstream_peer_serial: '%DOWNSTREAM_PEER_SERIAL%',
  downstream_peer_fingerprint: '%DOWNSTREAM_PEER_FINGERPRINT_256%',
  downstream_peer_not_after: '%DOWNSTREAM_PEER_CERT_V_END%',
  downstream_local_uri_san: '%DOWNSTREAM_LOCAL_URI_SAN%',
  downstream_local_dns_san: '%DOWNSTREAM_LOCAL_DNS_SAN%',
  downstream_failure: '%DOWNSTREAM_TRANSPORT_FAILURE_REASON%',

  upstream_cluster: '%UPSTREAM_CLUSTER_RAW%',
  upstream_host: '%UPSTREAM_HOST%',
  upstream_tls_version: '%UPSTREAM_TLS_VERSION%',
  upstream_tls_cipher: '%UPSTREAM_TLS_CIPHER%',
  upstream_tls_group: '%UPSTREAM_TLS_GROUP%',
  upstream_peer_uri_san: '%UPSTREAM_PEER_URI_SAN%',
  upstream_peer_subject: '%UPSTREAM_PEER_SUBJECT%',
  upstream_peer_issuer: '%UPSTREAM_PEER_ISSUER%',
  upstream_peer_not_after: '%UPSTREAM_PEER_CERT_V_END%',
  upstream_local_uri_san: '%UPSTREAM_LOCAL_URI_SAN%',
  upstream_failure: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',

  route_name: '%ROUTE_NAME%',
  filter_chain: '%FILTER_CHAIN_NAME%',
  jwt_subject: '%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:payload:sub)%',
  jwt_issuer: '%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:payload:iss)%',
  rbac_policy: '%DYNAMIC_METADATA(envoy.filters.http.rbac:enforced_effective_policy_id)%',

  duration_ms: '%DURATION%',
  request_duration_ms: '%REQUEST_DURATION%',
  response_duration_ms: '%RESPONSE_DURATION%',
  upstream_pool_ms: '%UPSTREAM_CONNECTION_POOL_READY_DURATION%',
  request_in_proxy_us: '%COMMON_DURATION(DS_RX_END:US_TX_BEG:us)%',
  upstream_us: '%COMMON_DURATION(US_TX_END:US_RX_BEG:us)%',
  upstream_connect_us: '%COMMON_DURATION(US_CX_BEG:US_HS_END:us)%',
} as const;

/** A line of a connection whose TLS handshake failed: there is no request to write about. */
export const CONNECTION_LOG = {
  record: 'connection',
  start_time: REQUEST_LOG.start_time,
  response_flags: REQUEST_LOG.response_flags,
  connection_termination_details: REQUEST_LOG.connection_termination_details,
  downstream_remote: REQUEST_LOG.downstream_remote,
  downstream_direct: REQUEST_LOG.downstream_direct,
  downstream_local: REQUEST_LOG.downstream_local,
  sni: REQUEST_LOG.sni,
  downstream_tls_version: REQUEST_LOG.downstream_tls_version,
  downstream_tls_cipher: REQUEST_LOG.downstream_tls_cipher,
  downstream_peer_uri_san: REQUEST_LOG.downstream_peer_uri_san,
  downstream_peer_dns_san: REQUEST_LOG.downstream_peer_dns_san,
  downstream_peer_subject: REQUEST_LOG.downstream_peer_subject,
  downstream_peer_issuer: REQUEST_LOG.downstream_peer_issuer,
  downstream_peer_serial: REQUEST_LOG.downstream_peer_serial,
  downstream_peer_fingerprint: REQUEST_LOG.downstream_peer_fingerprint,
  downstream_failure: REQUEST_LOG.downstream_failure,
  filter_chain: REQUEST_LOG.filter_chain,
  duration_ms: REQUEST_LOG.duration_ms,
} as const;

export type RequestLogKey = keyof typeof REQUEST_LOG;

/** Counters of refused handshakes, of connections that matched no filter chain, and of judged tokens. */
export const STATS_INCLUSION = [
  String.raw`listener\..*\.ssl\.(fail_verify_.*|connection_error|handshake|no_certificate)`,
  String.raw`listener\..*_(15006|8443)\.no_filter_chain_match`,
  String.raw`.*\.jwt_authn\.(allowed|denied)`,
] as const;
