import { ADMIN } from '../../sample/names.ts';
import { type Signal, signal } from './signal.ts';

type Row = readonly [name: string, words: RegExp, rest: Parameters<typeof signal>[3]];

const TOKEN_SHAPE = [`get a new token: meshdev token ${ADMIN}`, 'MD-OIDC-005'] as const;
const KEY_SET = ['meshdev check MD-OIDC-010', 'MD-OIDC-010'] as const;
const ROUTES = 'read the routes: meshdev kubectl get virtualservice -A -o yaml';
const FILTERS = 'read the extensions of the proxies: meshdev kubectl get envoyfilter,wasmplugin -A';
const PODS = 'meshdev kubectl get pods -A';

/** Refusals of Envoy's token filter for what is wrong inside of a token, or with the key set. */
const JWT_ROWS: readonly Row[] = [
  [
    'jwt_authn_access_denied{Jwt_payload_…}',
    /^jwt_authn_access_denied\{Jwt_payload_/,
    ['the claims of the token are malformed', ...TOKEN_SHAPE],
  ],
  [
    'jwt_authn_access_denied{Jwt_signature_is_an_invalid_Base64url_encoded}',
    /^jwt_authn_access_denied\{Jwt_(?:signature_is|ED25519_signature)/,
    ['the signature of the token is malformed', ...TOKEN_SHAPE],
  ],
  [
    'jwt_authn_access_denied{Found_multiple_Jwt_tokens}',
    /^jwt_authn_access_denied\{Found_multiple_Jwt_tokens/,
    [
      'the request has more than one token',
      `send one token, in the Authorization header: meshdev token ${ADMIN}`,
      'MD-JWT-001',
    ],
  ],
  [
    'jwt_authn_access_denied{Jwks_remote_fetch_is_failed}',
    /^jwt_authn_access_denied\{(?:Jwks_|X509_|\[(?:alg|crv|e|k|keys|kty|n|x|y)\]_)/,
    ['the proxy has no usable key set for the issuer of the token', ...KEY_SET],
  ],
];

/** What Envoy's connection manager and its router say of a request that they end. */
const CORE_ROWS: readonly Row[] = [
  [
    'via_upstream',
    /^via_upstream$/,
    [
      'the next component sent this answer, and the proxy passed it on; the proxy did not refuse the request',
      'read what that component recorded: meshdev check --verbose',
    ],
  ],
  [
    'direct_response',
    /^direct_response$/,
    ['the proxy itself answered: the route has a direct response or a redirect', ROUTES],
  ],
  [
    'internal_redirect',
    /^internal_redirect$/,
    ['the proxy itself followed a redirect of the service', ROUTES],
  ],
  [
    'route_configuration_not_found',
    /^route_configuration_not_found$/,
    ['the proxy has not received any routes', 'istioctl proxy-status', 'MD-GW-005'],
  ],
  [
    'missing_host_header',
    /^missing_host_header$/,
    ['the request has no Host header', 'send a Host header: curl --verbose --header Host:NAME URL'],
  ],
  [
    'missing_path_rejected',
    /^missing_path_rejected$/,
    ['the request has no path', 'send a request with a path: curl --verbose URL'],
  ],
  [
    'invalid_path, absolute_path_rejected',
    /^(?:invalid_path|absolute_path_rejected)/,
    [
      'the path is malformed or not normalized, and the proxy refused the request',
      'send the normalized path: curl --verbose URL',
      'MD-HDR-009',
    ],
  ],
  [
    'low_version',
    /^low_version$/,
    ['the request uses HTTP/1.0 or older', 'use HTTP/1.1 or HTTP/2: curl --verbose --http1.1 URL'],
  ],
  [
    'upgrade_failed, websocket_handshake_unsuccessful',
    /^(?:upgrade_failed|websocket_handshake_unsuccessful)/,
    [
      'the requested upgrade is not supported',
      'send the request without Upgrade, or with a supported one: curl --verbose URL',
    ],
  ],
  [
    'early_connect_data',
    /^early_connect_data$/,
    [
      'the client sent data for a CONNECT before the response',
      'wait for the response to CONNECT: curl --verbose --proxytunnel URL',
    ],
  ],
  [
    'request_payload_too_large',
    /^request_payload_(?:too_large|exceeded)/,
    [
      'the body of the request is larger than the buffer of the proxy',
      'send a smaller body: curl --verbose --data @FILE URL',
    ],
  ],
  [
    'response_payload_too_large',
    /^response_payload_too_large$/,
    ['the body of the response is larger than the buffer of the proxy', FILTERS],
  ],
  [
    'request_header_timeout, request_overall_timeout, stream_idle_timeout',
    /^(?:request_header_timeout|request_overall_timeout|stream_idle_timeout|downstream_header_timeout)$/,
    [
      'the client sent or read too slowly',
      'check the timeout of the client: curl --verbose --max-time 60 URL',
    ],
  ],
  [
    'max_duration_timeout, duration_timeout',
    /^(?:max_duration_timeout|duration_timeout|upstream_max_stream_duration_reached)$/,
    [
      'the request or its connection lasted longer than the proxy allows',
      'open a new connection: curl --verbose URL',
    ],
  ],
  [
    'upstream_per_try_timeout',
    /^upstream_per_try_(?:idle_)?timeout$/,
    ['the next component did not answer in time', PODS, 'MD-WRK-001'],
  ],
  [
    'dns_resolution_failure',
    /^dns_resolution_failure/,
    ['the name of the next component cannot be resolved', 'meshdev kubectl -n kube-system get pods'],
  ],
  [
    'maintenance_mode, drop_overload',
    /^(?:maintenance_mode|(?:unconditional_)?drop_overload)$/,
    ['the proxy is configured to drop requests for this service', FILTERS],
  ],
  [
    'overload',
    /^overload(?!_manager_reset)/,
    ['the proxy has reached a limit of memory or connections', 'meshdev kubectl describe nodes'],
  ],
  [
    'downstream_local_disconnect',
    /^downstream_local_disconnect/,
    [
      'the proxy closed the connection of the client; the details contain the reason',
      'open a new connection: curl --verbose URL',
    ],
  ],
  [
    'http2.remote_reset',
    /^http[23]\.remote_re(?:set|fuse)$/,
    [
      'the other side reset the connection or the stream: it was reset during the request',
      PODS,
      'MD-WRK-001',
    ],
  ],
  [
    'filter_removed_required_request_headers',
    /^filter_(?:removed_required|added_invalid)/,
    ['a filter of the proxy made the request or the response invalid', FILTERS],
  ],
  [
    'rejecting_because_detection_failed',
    /^rejecting_because_detection_failed$/,
    ['the proxy could not determine the address of the client', 'meshdev check MD-HDR-003', 'MD-HDR-003'],
  ],
  [
    'http.invalid_…, http3.…',
    /^http3?\./,
    [
      'the request is malformed, and the proxy refused it; the details name its fault',
      'send a well-formed request; this shows what the client sends: curl --verbose URL',
      'MD-HDR-003',
    ],
  ],
  [
    'admin_filter_response',
    /^admin_filter_response$/,
    ['the admin interface of the proxy answered', 'meshdev check MD-EXPO-005', 'MD-EXPO-005'],
  ],
];

/** Answers of Envoy's other HTTP filters: those that Istio's own objects set up, and those of an EnvoyFilter. */
const FILTER_ROWS: readonly Row[] = [
  [
    'cors_response',
    /^cors_response$/,
    [
      'the proxy itself answered a CORS preflight, according to the corsPolicy of the route',
      'read it: meshdev kubectl get virtualservice -A -o yaml',
    ],
  ],
  [
    'fault_filter_abort',
    /^fault_filter_abort$/,
    ['the route injects this fault', 'remove `fault` from it: meshdev kubectl get virtualservice -A -o yaml'],
  ],
  [
    'ext_authz_denied',
    /^ext_authz_(?!close)/,
    [
      'the external authorization service refused the request, or is unreachable',
      'read the CUSTOM policies: meshdev kubectl get authorizationpolicy -A',
      'MD-RBAC-001',
    ],
  ],
  [
    'request_rate_limited, local_rate_limited',
    /^(?:request_rate_limited|local_rate_limited|rate_limiter_error)$/,
    ['a rate limit of the proxy was reached', FILTERS],
  ],
  ['health_check_…', /^health_check_(?:ok|failed)/, ['the proxy itself answered a health check', FILTERS]],
  [
    'csrf_origin_mismatch',
    /^csrf_origin_mismatch$/,
    [
      'the Origin of the request is not the requested site',
      'send the request from the same site; this shows its Origin: curl --verbose URL',
    ],
  ],
  ['oauth.…', /^oauth\./, ['the proxy handles the login itself and redirected the client', FILTERS]],
  [
    'missing_api_key, invalid_credential_for_basic_auth …',
    /(?:^|_)(?:api_key|basic_auth|client_not_allowed)/,
    ['a filter of the proxy requires a credential other than a token', FILTERS],
  ],
  [
    'lua_response, ext_proc_…, wasm …',
    /^(?:lua_|ext_proc_|wasm|dynamic_module|golang|custom_response)/,
    ['an extension of the proxy answered', FILTERS],
  ],
  [
    'reached_concurrency_limit, denied_by_admission_control',
    /^(?:reached_concurrency_limit|denied_by_admission_control|connection_rate_limited)$/,
    ['a limit on concurrent requests was reached', FILTERS],
  ],
  [
    'grpc_json_transcode_failure …',
    /^(?:early_)?grpc_/,
    ['the request could not be transcoded from or to gRPC', FILTERS],
  ],
  [
    'dns_cache_…, dynamic_forward_proxy_…',
    /^(?:dns_cache_|dynamic_forward_proxy_|sub_cluster_)/,
    ['the host name in the request was not resolved in time', FILTERS],
  ],
  ['cached_response', /^cached_response$/, ['the proxy answered from a cache', FILTERS]],
];

/** All that Envoy 1.40 says in `response_code_details`, beside what `PROXY_SIGNALS` knows better. */
export const PROXY_DETAIL_SIGNALS: readonly Signal[] = [...JWT_ROWS, ...CORE_ROWS, ...FILTER_ROWS].map(
  ([name, words, rest]) => signal('envoy details', name, words, rest),
);
