import { ADMIN } from '../../sample/names.ts';
import { type Signal, signal } from './signal.ts';

const details = (name: string, words: RegExp, rest: Parameters<typeof signal>[3]): Signal =>
  signal('envoy details', name, words, rest);
const failure = (name: string, words: RegExp, rest: Parameters<typeof signal>[3]): Signal =>
  signal('envoy transport failure', name, words, rest);
const flag = (name: string, rest: Parameters<typeof signal>[3]): Signal =>
  signal('envoy flag', name, new RegExp(String.raw`(?:^|,)${name}(?:,|$)`), rest);
const counter = (name: string, rest: Parameters<typeof signal>[3]): Signal =>
  signal(
    'envoy counter',
    name,
    new RegExp(String.raw`(?:^|\.)${name.replaceAll('.', String.raw`\.`)}$`),
    rest,
  );

/** Envoy's details name the reason, its flags only the family: details stand first. */
export const PROXY_SIGNALS: readonly Signal[] = [
  details('jwt_authn_access_denied{Jwt_is_missing}', /^jwt_authn_access_denied\{Jwt_is_missing/, [
    'a required token is missing',
    `meshdev token ${ADMIN}`,
    'MD-JWT-002',
  ]),
  details('jwt_authn_access_denied{Jwt_is_expired}', /^jwt_authn_access_denied\{Jwt_is_expired/, [
    'the token has expired',
    `get a new token: meshdev token ${ADMIN}`,
    'MD-JWT-016',
  ]),
  details('jwt_authn_access_denied{Jwt_not_yet_valid}', /^jwt_authn_access_denied\{Jwt_not_yet_valid/, [
    'the token is not yet valid',
    'compare the clocks of issuer and node: meshdev doctor',
    'MD-JWT-016',
  ]),
  details(
    'jwt_authn_access_denied{Jwt_issuer_is_not_configured}',
    /^jwt_authn_access_denied\{Jwt_issuer_is_not_configured/,
    [
      'the issuer of the token is not accepted',
      `compare iss of the token with the issuer of the lab: meshdev token ${ADMIN} --decode`,
      'MD-OIDC-001',
    ],
  ),
  details(
    'jwt_authn_access_denied{Audiences_in_Jwt_are_not_allowed}',
    /^jwt_authn_access_denied\{Audiences_in_Jwt_are_not_allowed/,
    [
      'the token is for another audience',
      `compare aud of the token with the address of the app: meshdev token ${ADMIN} --decode`,
      'MD-OIDC-005',
    ],
  ),
  details(
    "jwt_authn_access_denied{Jwks_doesn't_have_key_to_match_kid_or_alg_from_Jwt}",
    /^jwt_authn_access_denied\{Jwks_doesn't_have_key/,
    [
      'the proxy does not have the key of the token: the key was rotated, or the proxy has a placeholder',
      'meshdev check MD-OIDC-010',
      'MD-OIDC-010',
    ],
  ),
  details(
    'jwt_authn_access_denied{Jwt_verification_fails}',
    /^jwt_authn_access_denied\{Jwt_verification_fails/,
    [
      'the signature of the token does not match its key',
      `get a new token: meshdev token ${ADMIN}`,
      'MD-OIDC-005',
    ],
  ),
  details(
    'jwt_authn_access_denied{Jwt_header_[alg]_is_not_supported}',
    /^jwt_authn_access_denied\{Jwt_header_/,
    [
      'the algorithm or the header of the token is not accepted',
      `get a new token: meshdev token ${ADMIN}`,
      'MD-OIDC-005',
    ],
  ),
  details(
    'jwt_authn_access_denied{Jwt_is_not_in_the_form_…}',
    /^jwt_authn_access_denied\{Jwt_is_not_in_the_form/,
    [
      'the token is malformed, and the proxy refused it',
      `get a new token: meshdev token ${ADMIN}`,
      'MD-OIDC-005',
    ],
  ),
  details('rbac_access_denied_matched_policy[none]', /^rbac_access_denied_matched_policy\[none\]/, [
    'no ALLOW rule matched workload, subject, method and path',
    'compare the rules with the request: meshdev kubectl get authorizationpolicy -A',
    'MD-RBAC-001',
  ]),
  details(
    'rbac_access_denied_matched_policy[ns[…]-policy[…]-rule[…]]',
    /^rbac_access_denied_matched_policy\[(?!none\])/,
    [
      'a DENY rule matched; the details contain its name',
      'read that policy: meshdev kubectl get authorizationpolicy -A',
      'MD-RBAC-001',
    ],
  ),
  details('route_not_found', /^route_not_found$/, [
    'no route exists for this Host: a component rewrote it, or it is not declared',
    'meshdev check MD-EGW-007 MD-GW-005',
    'MD-EGW-007',
  ]),
  details('filter_chain_not_found', /^filter_chain_not_found$/, [
    'no filter chain exists for this SNI, or a client sent plaintext to a TLS port',
    'meshdev check MD-EGW-007 MD-MESH-005',
    'MD-EGW-007',
    'MD-MESH-005',
  ]),
  details('cluster_not_found', /^cluster_not_found$/, [
    'the route names a service that does not exist',
    'compare routes with services: meshdev kubectl get virtualservice,service -A',
    'MD-DRIFT-001',
  ]),
  details('no_healthy_upstream', /^no_healthy_upstream$/, [
    'the service has no ready pod',
    'meshdev kubectl get pods -A',
    'MD-WRK-001',
  ]),
  details('upstream_response_timeout', /^(?:upstream_)?response_timeout$/, [
    'the next component did not answer in time',
    'meshdev kubectl get pods -A',
    'MD-WRK-001',
  ]),
  details('upstream_reset_before_response_started', /^upstream_reset(?:_before|_after)/, [
    'the next component is unreachable, or closed the connection',
    'meshdev check MD-MESH-002 MD-WRK-001',
    'MD-MESH-002',
    'MD-WRK-001',
  ]),
  details('path_normalization_failed', /^path_normalization_failed/, [
    'the path is malformed or not normalized, and the proxy refused the request',
    'send the normalized path: curl --verbose URL',
    'MD-HDR-009',
  ]),
  details('http1.… or http2.…', /^http[12]\.(?!remote_)/, [
    'the request is malformed, and the proxy refused it; the details name its fault',
    'send a well-formed request; this shows what the client sends: curl --verbose URL',
    'MD-HDR-003',
  ]),
  details('request_headers_failed_strict_check', /^request_headers_failed_strict_check/, [
    'the request has a malformed control header',
    'remove the x-envoy-* headers; this shows what the client sends: curl --verbose URL',
    'MD-HDR-003',
  ]),
  details('downstream_remote_disconnect', /^downstream_remote_disconnect/, [
    'the client closed the connection before the response',
    'check the timeout of the client: curl --verbose --max-time 60 URL',
  ]),
  failure('PEER_DID_NOT_RETURN_A_CERTIFICATE', /PEER_DID_NOT_RETURN_A_CERTIFICATE/, [
    'the client presented no certificate',
    'meshdev check MD-EGW-005 MD-EGW-008',
    'MD-EGW-008',
  ]),
  failure('CERTIFICATE_VERIFY_FAILED … SAN_matcher', /SAN[ _]matcher|verify SAN list/i, [
    'the certificate does not have the expected identity',
    'meshdev check MD-EGW-011 MD-MESH-011',
    'MD-EGW-011',
    'MD-MESH-011',
  ]),
  failure(
    'CERTIFICATE_VERIFY_FAILED … certificate_has_expired',
    /certificate[_ ](?:has[_ ]expired|is[_ ]not[_ ]yet[_ ]valid)/,
    ['the certificate of the peer is expired or not yet valid', 'meshdev up', 'MD-EGW-010'],
  ),
  failure(
    'CERTIFICATE_VERIFY_FAILED … unsupported_certificate_purpose',
    /unsupported[_ ]certificate[_ ]purpose/,
    ['the certificate of the peer is not valid for this purpose', 'meshdev up', 'MD-EGW-010'],
  ),
  failure('CERTIFICATE_VERIFY_FAILED', /CERTIFICATE_VERIFY_FAILED/, [
    'the CA of the certificate of the peer is not trusted',
    'meshdev check MD-EGW-009 MD-MESH-012',
    'MD-EGW-009',
    'MD-MESH-012',
  ]),
  failure(
    'SSLV3_ALERT_BAD_CERTIFICATE',
    /ALERT_(?:BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED)|TLSV1_ALERT_UNKNOWN_CA/,
    ['the peer refused the certificate of the proxy', 'meshdev check MD-EGW-002', 'MD-EGW-002'],
  ),
  failure('WRONG_VERSION_NUMBER', /WRONG_VERSION_NUMBER|HTTP_REQUEST/, [
    'one side uses plaintext, the other TLS',
    'meshdev check MD-EGW-002 MD-MESH-005',
    'MD-MESH-005',
  ]),
  failure(
    'UNSUPPORTED_PROTOCOL',
    /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|NO_SHARED_CIPHER|HANDSHAKE_FAILURE/,
    ['both sides have no TLS version or cipher suite in common', 'meshdev check MD-EGW-006', 'MD-EGW-006'],
  ),
  failure('delayed_connect_error: Connection refused', /[Cc]onnection[ _]refused/, [
    'no process listens on the address of the next component',
    'meshdev kubectl get pods -A',
    'MD-WRK-001',
  ]),
  flag('NR', ['no route or filter chain matches', 'meshdev check MD-EGW-007', 'MD-EGW-007']),
  flag('UF', [
    'the connection to the next component failed',
    'meshdev check edge->gateway gateway->sidecar',
    'MD-MESH-002',
  ]),
  flag('UH', ['the service has no ready pod', 'meshdev kubectl get pods -A', 'MD-WRK-001']),
  flag('UC', [
    'the next component closed the connection before it answered: plaintext was sent to a STRICT port, the app exited, or it closed an idle keep-alive connection just as the proxy reused it (then the idle timeout of the app must be longer than that of the proxy)',
    'meshdev check MD-MESH-002 MD-WRK-001',
    'MD-MESH-002',
    'MD-WRK-001',
  ]),
  flag('UR', [
    'the next component reset the request: plaintext was sent to a STRICT port, or the app exited',
    'meshdev check MD-MESH-002 MD-WRK-001',
    'MD-MESH-002',
    'MD-WRK-001',
  ]),
  flag('UT', ['the next component did not answer in time', 'meshdev kubectl get pods -A', 'MD-WRK-001']),
  flag('URX', [
    'all retries of the proxy towards the next component failed',
    'meshdev kubectl get pods -A',
    'MD-WRK-001',
  ]),
  flag('UO', [
    'too many requests to the next component are pending: the circuit breaker of the proxy is open',
    'meshdev kubectl get pods -A',
    'MD-WRK-001',
  ]),
  flag('NC', [
    'the route names a service that does not exist',
    'compare routes with services: meshdev kubectl get virtualservice,service -A',
    'MD-DRIFT-001',
  ]),
  flag('DF', [
    'the name of the next component cannot be resolved',
    'meshdev kubectl -n kube-system get pods',
  ]),
  flag('DPE', [
    'the request is malformed, and the proxy refused it',
    'send a well-formed request; this shows what the client sends: curl --verbose URL',
    'MD-HDR-003',
  ]),
  flag('DC', [
    'the client closed the connection before the response',
    'check the timeout of the client: curl --verbose --max-time 60 URL',
  ]),
  flag('UAEX', [
    'a filter of the proxy refused the request',
    'read the details beside the flag: meshdev check MD-JWT-001 MD-RBAC-001 --verbose',
    'MD-JWT-001',
    'MD-RBAC-001',
  ]),
  counter('ssl.fail_verify_no_cert', [
    'a client presented no certificate',
    'meshdev check MD-EGW-008',
    'MD-EGW-008',
  ]),
  counter('ssl.fail_verify_error', [
    'a client presented a certificate that is untrusted, expired or not yet valid',
    'meshdev check MD-EGW-009 MD-EGW-010',
    'MD-EGW-009',
    'MD-EGW-010',
  ]),
  counter('ssl.fail_verify_san', [
    'a client presented an identity other than the expected one',
    'meshdev check MD-EGW-011',
    'MD-EGW-011',
  ]),
  counter('ssl.connection_error', [
    'both sides had no TLS version or cipher suite in common',
    'meshdev check MD-EGW-006',
    'MD-EGW-006',
  ]),
  counter('no_filter_chain_match', [
    'no filter chain exists for this SNI, or a client sent plaintext to a TLS port',
    'meshdev check MD-EGW-007 MD-MESH-005',
    'MD-EGW-007',
    'MD-MESH-005',
  ]),
];
