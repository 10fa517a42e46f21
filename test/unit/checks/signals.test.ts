import { describe, expect, it } from 'vitest';
import { requestSeen, wireSeen } from '../../../src/checks/describe.ts';
import type { TracedRequest } from '../../../src/evidence/traced-request.ts';
import { explainHeard, SIGNALS, signalOf } from '../../../src/checks/signals.ts';
import type { SignalSource } from '../../../src/checks/signals/signal.ts';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { ended, healthyEvidence } from '../../support/healthy-evidence.ts';
import { CLOSE_REASONS, RESET_REASONS, STATUSES } from '../../support/envoy-enumeration.ts';
import { makeMaterial } from '../../support/healthy-material.ts';

/** What `response_code_details` can hold: the constants of Envoy 1.40's core and of the filters that Istio's objects set up. */
const ENVOY_DETAILS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/answered a CORS preflight/, ['cors_response']],
  [/claims of the token/, ['jwt_authn_access_denied{Jwt_payload_is_an_invalid_JSON}']],
  [/signature of the token/, ['jwt_authn_access_denied{Jwt_signature_is_an_invalid_Base64url_encoded}']],
  [/more than one token/, ['jwt_authn_access_denied{Found_multiple_Jwt_tokens}']],
  [
    /no usable key set/,
    [
      'jwt_authn_access_denied{Jwks_remote_fetch_is_failed}',
      "jwt_authn_access_denied{Jwks_doesn't_have_any_valid_public_key}",
    ],
  ],
  [/direct response/, ['direct_response']],
  [/redirect of the service/, ['internal_redirect']],
  [/any routes/, ['route_configuration_not_found']],
  [/no Host header/, ['missing_host_header']],
  [/has no path/, ['missing_path_rejected']],
  [/path is malformed/, ['invalid_path', 'absolute_path_rejected', 'path_normalization_failed']],
  [/HTTP\/1.0/, ['low_version']],
  [/upgrade/, ['upgrade_failed', 'websocket_handshake_unsuccessful']],
  [/CONNECT/, ['early_connect_data']],
  [/body of the request/, ['request_payload_too_large', 'request_payload_exceeded_retry_buffer_limit']],
  [/body of the response/, ['response_payload_too_large']],
  [
    /too slowly/,
    ['request_header_timeout', 'request_overall_timeout', 'stream_idle_timeout', 'downstream_header_timeout'],
  ],
  [/lasted longer/, ['max_duration_timeout', 'duration_timeout', 'upstream_max_stream_duration_reached']],
  [/did not answer in time/, ['upstream_per_try_timeout', 'upstream_per_try_idle_timeout']],
  [
    /cannot be resolved|not resolved/,
    ['dns_resolution_failure{cares}', 'dns_cache_pending_requests_overflow'],
  ],
  [/configured to drop/, ['maintenance_mode', 'drop_overload', 'unconditional_drop_overload']],
  [/limit of memory/, ['overload']],
  [/closed the connection of the client/, ['downstream_local_disconnect(on_idle_timeout)']],
  [/reset during the request/, ['http2.remote_reset', 'http2.remote_refuse', 'http3.remote_reset']],
  [
    /response invalid/,
    [
      'filter_removed_required_request_headers',
      'filter_removed_required_response_headers',
      'filter_added_invalid_request_data',
      'filter_added_invalid_response_data',
    ],
  ],
  [/address of the client/, ['rejecting_because_detection_failed']],
  [/malformed/, ['http.invalid_authority', 'http.connect_not_supported', 'http3.headers_too_large']],
  [/admin interface/, ['admin_filter_response']],
  [/injects this fault/, ['fault_filter_abort']],
  [/external authorization/, ['ext_authz_denied', 'ext_authz_error', 'ext_authz_invalid']],
  [/rate limit/, ['request_rate_limited', 'local_rate_limited', 'rate_limiter_error']],
  [/health check/, ['health_check_ok_cluster_healthy', 'health_check_failed', 'health_check_ok']],
  [/Origin/, ['csrf_origin_mismatch']],
  [/handles the login/, ['oauth.missing_credentials', 'oauth.sign_out']],
  [
    /a credential other than a token/,
    ['missing_api_key', 'unknown_api_key', 'client_not_allowed', 'invalid_credential_for_basic_auth'],
  ],
  [/extension of the proxy/, ['lua_response', 'ext_proc_error', 'custom_response_redirect_no_route']],
  [
    /concurrent requests/,
    ['reached_concurrency_limit', 'denied_by_admission_control', 'connection_rate_limited'],
  ],
  [/gRPC/, ['grpc_json_transcode_failure', 'early_grpc_json_transcode_failure']],
  [/cache/, ['cached_response']],
];

/** Words as the real binaries wrote them (Envoy 1.40.0, Caddy 2.11.9, Node.js 24), and a part of their meaning. */
const SPOKEN: readonly (readonly [SignalSource, string, RegExp])[] = [
  ['envoy details', 'jwt_authn_access_denied{Jwt_is_missing}', /required token is missing/],
  ['envoy details', 'jwt_authn_access_denied{Jwt_is_expired}', /has expired/],
  ['envoy details', 'jwt_authn_access_denied{Jwt_not_yet_valid}', /not yet valid/],
  ['envoy details', 'jwt_authn_access_denied{Jwt_issuer_is_not_configured}', /issuer/],
  ['envoy details', 'jwt_authn_access_denied{Audiences_in_Jwt_are_not_allowed}', /another audience/],
  [
    'envoy details',
    "jwt_authn_access_denied{Jwks_doesn't_have_key_to_match_kid_or_alg_from_Jwt}",
    /does not have the key/,
  ],
  ['envoy details', 'jwt_authn_access_denied{Jwt_verification_fails}', /signature/],
  ['envoy details', 'jwt_authn_access_denied{Jwt_header_[alg]_is_not_supported}', /algorithm/],
  [
    'envoy details',
    'jwt_authn_access_denied{Jwt_is_not_in_the_form_of_Header.Payload.Signature_with_two_dots_and_3_sections}',
    /malformed/,
  ],
  ['envoy details', 'rbac_access_denied_matched_policy[none]', /no ALLOW/],
  ['envoy details', 'rbac_access_denied_matched_policy[ns[apps]-policy[deny-x]-rule[0]]', /a DENY/],
  ['envoy details', 'route_not_found', /no route/],
  ['envoy details', 'filter_chain_not_found', /no filter chain/],
  ['envoy details', 'cluster_not_found', /does not exist/],
  ['envoy details', 'no_healthy_upstream', /no ready pod/],
  ['envoy details', 'response_timeout', /did not answer in time/],
  ['envoy details', 'upstream_response_timeout', /did not answer in time/],
  [
    'envoy details',
    'upstream_reset_before_response_started{connection_termination}',
    /closed the connection/,
  ],
  ['envoy details', 'path_normalization_failed', /path/],
  ['envoy details', 'http1.codec_error', /malformed/],
  ['envoy details', 'http2.violation.of.messaging.rule', /malformed/],
  ['envoy details', 'request_headers_failed_strict_check', /malformed control header/],
  ['envoy details', 'downstream_remote_disconnect', /closed the connection before the response/],
  ...ENVOY_DETAILS.flatMap(([meaning, words]) =>
    words.map((word) => ['envoy details', word, meaning] as const),
  ),
  [
    'envoy transport failure',
    'TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify cert failed: verify SAN list',
    /identity/,
  ],
  [
    'envoy transport failure',
    'CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_X509_verify:_SAN_matcher,_certificate_SANs_are_[edge]',
    /identity/,
  ],
  [
    'envoy transport failure',
    'TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_certificate_has_expired',
    /expired or not yet valid/,
  ],
  ['envoy transport failure', 'CERTIFICATE_VERIFY_FAILED:…unsupported_certificate_purpose', /purpose/],
  [
    'envoy transport failure',
    'CERTIFICATE_VERIFY_FAILED:…unable_to_get_local_issuer_certificate',
    /CA of the certificate of the peer/,
  ],
  [
    'envoy transport failure',
    'TLS_error:|268435655:SSL_routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE',
    /presented no certificate/,
  ],
  [
    'envoy transport failure',
    'TLS_error:|268436498:SSL_routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE',
    /refused the certificate/,
  ],
  [
    'envoy transport failure',
    'TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER',
    /plaintext/,
  ],
  [
    'envoy transport failure',
    'TLS_error:|268435696:SSL_routines:OPENSSL_internal:UNSUPPORTED_PROTOCOL',
    /in common/,
  ],
  ['envoy transport failure', 'delayed_connect_error:_Connection_refused', /no process listens/],
  ...'NR UF UH UC UR UT URX UO NC DF DPE DC UAEX LH LR DR UPE DI FI RL RLSE IH SI DT UMSDR RFCF NFCF OM DO UDO'
    .split(' ')
    .map((flag) => ['envoy flag', flag, /./] as const),
  ...['via_upstream', ...RESET_REASONS, ...CLOSE_REASONS].map(
    (word) => ['envoy details', word, /./] as const,
  ),
  ...['BlackHoleCluster', 'PassthroughCluster', 'block_all'].map(
    (word) => ['envoy cluster', word, /knows no service|has no route/] as const,
  ),
  ...STATUSES.filter((status) => status !== 421).map((status) => ['status', String(status), /./] as const),
  ['envoy flag', 'UF,URX', /connection to the next component failed/],
  ['envoy counter', 'listener.0.0.0.0_8443.ssl.fail_verify_no_cert', /no certificate/],
  ['envoy counter', 'listener.0.0.0.0_8443.ssl.fail_verify_error', /untrusted/],
  ['envoy counter', 'listener.0.0.0.0_8443.ssl.fail_verify_san', /identity/],
  ['envoy counter', 'listener.0.0.0.0_8443.ssl.connection_error', /in common/],
  ['envoy counter', 'listener.0.0.0.0_15006.no_filter_chain_match', /no filter chain/],
  [
    'edge error',
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    /not in the pool/,
  ],
  [
    'edge error',
    'tls: failed to verify certificate: x509: certificate is valid for a.test, not b.test',
    /expected name/,
  ],
  [
    'edge error',
    'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time …',
    /expired or not yet valid/,
  ],
  ['edge error', 'remote error: tls: certificate required', /presented none/],
  ['edge error', 'remote error: tls: expired certificate', /expired or not yet valid/],
  ['edge error', 'remote error: tls: unknown certificate authority', /does not trust the CA/],
  ['edge error', 'remote error: tls: unknown certificate', /refuses the client certificate/],
  ['edge error', 'remote error: tls: protocol version not supported', /in common/],
  ['edge error', 'tls: first record does not look like a TLS handshake', /plaintext/],
  ['edge error', 'dial tcp 127.0.0.1:9: connect: connection refused', /no process listens/],
  ['edge error', 'dial tcp: lookup node on 127.0.0.11:53: no such host', /cannot be resolved/],
  [
    'edge error',
    'read tcp 172.19.0.3:50222->172.19.0.2:30443: read: connection reset by peer',
    /closed the connection during the handshake/,
  ],
  ['edge error', 'EOF', /closed the connection during the handshake/],
  ['edge error', 'no upstreams available', /no upstream/],
  ['edge error', 'dial tcp 10.0.0.1:443: i/o timeout', /did not answer in time/],
  ['edge error', 'context canceled', /closed the connection before the response/],
  [
    'edge error',
    'net/http: cannot rewind body after connection loss',
    /closed the connection during a request/,
  ],
  ['edge error', 'no path', /has no path/],
  ['edge status', '421', /SNI and Host differ/],
  ...(
    [
      'certificate_required',
      'unknown_ca',
      'certificate_expired',
      'certificate_unknown',
      'bad_certificate',
      'unsupported_certificate',
      'protocol_version',
      'handshake_failure',
      'internal_error',
      'unrecognized_name',
      'no_application_protocol',
    ] as const
  ).map((alert) => ['tls alert', alert, /./] as const),
  ['verification', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /not trusted/],
  ['verification', 'SELF_SIGNED_CERT_IN_CHAIN', /not trusted/],
  ['verification', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', /intermediate/],
  ['verification', 'ERR_TLS_CERT_ALTNAME_INVALID', /requested name/],
  ['verification', 'CERT_HAS_EXPIRED', /expired or not yet valid/],
  [
    'www-authenticate',
    'Bearer realm="http://httpbin.mesh.localhost/headers", error="invalid_token"',
    /not accepted/,
  ],
  ['www-authenticate', 'Bearer realm="http://httpbin.mesh.localhost/headers"', /required token is missing/],
  [
    'istiod',
    'Get "https://auth.mesh.localhost/jwks": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    /extra root/,
  ],
  ['istiod', 'dial tcp: lookup auth.mesh.localhost: no such host', /resolve/],
  ['istiod', 'dial tcp 172.19.0.3:443: connect: connection refused', /does not answer/],
  ['istiod', 'unsuccessful response from "https://auth.mesh.localhost/jwks"', /with an error/],
  ['istiod', 'invalid character in jwks json: parse error', /not a key set/],
  ['idp', '{"error":"invalid_client"}', /client or its secret/],
  ['idp', '{"error":"invalid_grant"}', /code or the refresh token/],
  ['idp', 'invalid_redirect_uri', /redirect/],
  ['idp', '{"error":"invalid_request"}', /lacks a parameter/],
  ['response body', 'RBAC: access denied', /no policy allows/],
  [
    'response body',
    'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
    /could not reach/,
  ],
];

describe('the table of signals', () => {
  it.each(SPOKEN)('%s: %s', (source, text, meaning) => {
    expect(signalOf({ source, text })?.reason).toMatch(meaning);
  });

  it('has no row that none of these words reaches', () => {
    const reached = new Set(SPOKEN.map(([source, text]) => signalOf({ source, text })));
    expect(SIGNALS.filter((signal) => !reached.has(signal)).map(({ name }) => name)).toEqual([]);
  });

  it('names checks that exist', () => {
    const ids = new Set(CATALOGUE.map(({ id }) => id));
    expect(SIGNALS.flatMap(({ see }) => see).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('guesses nothing about other words', () => {
    expect(signalOf({ source: 'envoy details', text: 'a_reason_of_tomorrow' })).toBeUndefined();
    expect(signalOf({ source: 'tls alert', text: 'internal_error_2' })).toBeUndefined();
    expect(explainHeard('edge->gateway', [{ source: 'envoy flag', text: 'XX' }])).toBe(
      'edge->gateway: UNEXPLAINED envoy flag XX',
    );
  });
});

describe('what a message says of a request', async () => {
  const healthy = healthyEvidence(createLab(DEFAULT_CHOICE), await makeMaterial(createLab(DEFAULT_CHOICE)));
  const traced: TracedRequest = healthy.walks['alice-read'];

  it('explains the innermost party that refused, and not those in front of it', () => {
    const refused = {
      ...traced,
      status: 401,
      edge: traced.edge === undefined ? undefined : { ...traced.edge, status: 421 },
      gateway: { response_code_details: 'via_upstream' },
      sidecar: { response_code_details: 'jwt_authn_access_denied{Jwt_is_expired}', response_flags: 'UAEX' },
    };
    expect(requestSeen(refused)).toBe(
      'HTTP 401; sidecar: jwt_authn_access_denied{Jwt_is_expired} UAEX (gateway->sidecar: the token has expired; get a new token: meshdev token alice)',
    );
  });

  it('takes a transport failure for one of the hop behind the party that recorded it', () => {
    const failure = 'TLS_error:|CERTIFICATE_VERIFY_FAILED:verify_cert_failed';
    const gateway = {
      response_code_details: 'upstream_reset',
      response_flags: 'UF',
      upstream_failure: failure,
    };
    expect(requestSeen({ ...traced, status: 503, sidecar: undefined, gateway })).toContain(
      '(gateway->sidecar: the CA of the certificate of the peer is not trusted',
    );
  });

  it('says UNEXPLAINED where it does not know, and nothing where nobody refused', () => {
    const odd = { ...traced, sidecar: { response_code_details: 'new_in_envoy_2' } };
    expect(requestSeen(odd)).toContain('gateway->sidecar: UNEXPLAINED envoy details new_in_envoy_2');
    expect(requestSeen(traced)).toBe('HTTP 200; sidecar: via_upstream');
    expect(wireSeen(ended('alert', 'unknown_ca'))).toContain('unknown_ca (the server does not trust the CA');
    expect(wireSeen(ended('alert', 'new_alert'))).toContain('new_alert (UNEXPLAINED)');
  });
});
