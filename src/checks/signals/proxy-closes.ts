import { type Signal, signal } from './signal.ts';

type Row = readonly [names: readonly string[], rest: Parameters<typeof signal>[3]];

const PODS = 'meshdev kubectl get pods -A';
const FILTERS = 'read the extensions of the proxies: meshdev kubectl get envoyfilter,wasmplugin -A';
const TIMEOUTS =
  'read the timeouts of the routes: meshdev kubectl get virtualservice,destinationrule -A -o yaml';
const AGAIN = 'open a new connection: curl --verbose URL';

/** Why a stream to the next component was reset: alone, or in the braces of `upstream_reset_…_response_started{…}`. */
const RESET_ROWS: readonly Row[] = [
  [
    ['connection_failure', 'remote_connection_failure', 'connect_error'],
    [
      'the proxy could not connect to the next component: no process listens there, or the TLS handshake failed; the rest of the details has the cause',
      'meshdev check MD-MESH-002 MD-WRK-001',
      'MD-MESH-002',
      'MD-WRK-001',
    ],
  ],
  [
    ['local_connection_failure'],
    [
      'the proxy itself closed its connection to the next component before it was established, for example because the pod went away',
      PODS,
      'MD-WRK-001',
    ],
  ],
  [
    ['connection_timeout'],
    ['the next component did not accept the connection of the proxy in time', PODS, 'MD-WRK-001'],
  ],
  [
    ['connection_termination'],
    [
      'the next component closed the connection: it does not speak the protocol of the proxy, it exited, or it closed an idle keep-alive connection just as the proxy reused it',
      'meshdev check MD-MESH-002 MD-WRK-001',
      'MD-MESH-002',
      'MD-WRK-001',
    ],
  ],
  [
    ['remote_reset', 'remote_refused_stream_reset'],
    [
      'the next component reset this one request, and kept the connection; the app or its proxy refused it',
      PODS,
      'MD-WRK-001',
    ],
  ],
  [
    ['local_reset', 'local_refused_stream_reset'],
    ['the proxy itself reset the request, because the client left or the stream was refused', AGAIN],
  ],
  [
    ['overflow'],
    [
      'the circuit breaker of the proxy is open: too many requests or connections to the next component',
      'read the limits: meshdev kubectl get destinationrule -A -o yaml',
    ],
  ],
  [
    ['protocol_error', 'http1_premature_upstream_half_close'],
    [
      'the next component sent a response that is not the HTTP that the proxy expects of its port',
      'compare appProtocol with what the app speaks: meshdev kubectl get service -A -o yaml',
      'MD-WRK-003',
    ],
  ],
  [
    ['overload_manager_reset'],
    [
      'the overload manager of the proxy reset the request: it needs memory',
      'meshdev kubectl describe nodes',
    ],
  ],
];

/** Why the proxy closed a connection: alone, or in the parentheses of `downstream_local_disconnect(…)`. */
const CLOSE_ROWS: readonly Row[] = [
  [
    ['deferred_close_on_drained_connection'],
    ['the proxy drained its listener after a change, and closed the connection when it was idle', AGAIN],
  ],
  [
    ['on_idle_timeout', 'tcp_session_idle_timeout'],
    ['the proxy closed the connection, because no data was sent for its idle timeout', TIMEOUTS],
  ],
  [
    ['close_for_connect_request_or_tcp_tunneling'],
    ['the proxy closed the connection, because a CONNECT or a TCP tunnel on it ended', AGAIN],
  ],
  [
    ['http2_ping_timeout'],
    ['the proxy closed the HTTP/2 connection, because the other side did not answer its PING', PODS],
  ],
  [
    ['http2_connection_protocol_violation'],
    [
      'the proxy closed the HTTP/2 connection, because the other side violated the protocol',
      'this shows the frames that the client sends: curl --verbose --http2 URL',
    ],
  ],
  [
    ['transport_socket_timeout', 'transport_socket_timeout_was_reached'],
    [
      'the TLS handshake with the proxy did not end in time: the client sent plaintext, or stopped',
      'meshdev check MD-EGW-002 MD-MESH-005',
      'MD-EGW-002',
      'MD-MESH-005',
    ],
  ],
  [
    ['triggered_delayed_close_timeout'],
    [
      'the proxy had sent its last byte, and closed the connection, because the client did not close it in time',
      AGAIN,
    ],
  ],
  [
    ['tcp_initializion_failure:', 'tcp_initialization_failure'],
    [
      'the TCP proxy found no cluster or no healthy address for the connection',
      'meshdev kubectl get endpointslice -A',
      'MD-WRK-001',
    ],
  ],
  [
    ['max_connection_duration_reached'],
    ['the connection lasted longer than the proxy allows, and the proxy closed it', AGAIN],
  ],
  [
    [
      'closing_upstream_tcp_connection_due_to_downstream_remote_close',
      'closing_upstream_tcp_connection_due_to_downstream_local_close',
      'closing_upstream_tcp_connection_due_to_downstream_reset_close',
    ],
    [
      'the connection of the client ended, and the proxy closed its connection to the next component after it',
      'check the timeout of the client: curl --verbose --max-time 60 URL',
    ],
  ],
  [
    ['non_pooled_tcp_connection_host_health_failure'],
    ['the address behind the TCP connection became unhealthy, and the proxy closed it', PODS, 'MD-WRK-001'],
  ],
  [
    ['rbac_deny_close'],
    [
      'the proxy closed a TCP connection, because no policy allows the caller on this port',
      'compare the policies with the caller: meshdev kubectl get authorizationpolicy -A -o yaml',
      'MD-RBAC-001',
    ],
  ],
  [
    ['ext_authz_close'],
    [
      'the external authorization service refused the TCP connection, and the proxy closed it',
      'read the CUSTOM policies: meshdev kubectl get authorizationpolicy -A',
      'MD-RBAC-001',
    ],
  ],
  [
    ['lua_close', 'dynamic_module_close', 'ratelimit_error_failure_mode_connection_close'],
    ['an extension of the proxy closed the connection', FILTERS],
  ],
];

/** Clusters of Istio for traffic that no service is known for, as `upstream_cluster` of a record has them. */
const CLUSTER_ROWS: readonly Row[] = [
  [
    ['BlackHoleCluster'],
    [
      'the sidecar of the caller knows no service for this address, and outboundTrafficPolicy is REGISTRY_ONLY: it closed the connection (502 for HTTP)',
      'declare it in a ServiceEntry: meshdev kubectl get serviceentry,sidecar -A',
    ],
  ],
  [
    ['PassthroughCluster', 'InboundPassthroughCluster', 'InboundPassthroughClusterIpv4'],
    [
      'the sidecar knows no service for this address or port, and passed the connection on as it was, without the mTLS and the routes of a service',
      'compare the address and the port with: meshdev kubectl get service,serviceentry -A',
    ],
  ],
  [
    ['block_all', 'allow_any'],
    [
      'the sidecar of the caller has no route for this Host; block_all answers 502, allow_any passes the request on',
      'compare the Host with: meshdev kubectl get service,serviceentry -A',
    ],
  ],
];

/** The word by itself, in braces or in parentheses, and with a cause of its own behind it. */
function within(names: readonly string[]): RegExp {
  const any = names.map((name) => name.replaceAll(/[.:]/g, String.raw`\$&`)).join('|');
  return new RegExp(
    String.raw`^(?:upstream_reset_\w+\{|downstream_local_disconnect\()?(?:${any})(?:$|[|:})_]*$|[|}:,)])`,
  );
}

const rowsOf = (rows: readonly Row[]): readonly Signal[] =>
  rows.map(([names, rest]) => signal('envoy details', names.join(', '), within(names), rest));

/**
 * Why a stream was reset or a connection was closed, beside what the details before it say. They stand behind the rows
 * of the details themselves: of a text with both, `explain` shows both.
 */
export const PROXY_CLOSE_SIGNALS: readonly Signal[] = [
  ...rowsOf(RESET_ROWS),
  ...rowsOf(CLOSE_ROWS),
  ...CLUSTER_ROWS.map(([names, rest]) =>
    signal('envoy cluster', names.join(', '), new RegExp(`^(?:${names.join('|')})$`), rest),
  ),
];
