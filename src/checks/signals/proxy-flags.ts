import { type Signal, signal } from './signal.ts';

const FILTERS = 'read the extensions of the proxies: meshdev kubectl get envoyfilter,wasmplugin -A';
const PODS = 'meshdev kubectl get pods -A';

const FLAG_ROWS: readonly (readonly [flags: string, rest: Parameters<typeof signal>[3]])[] = [
  ['LH', ['the service has no ready pod', PODS, 'MD-WRK-001']],
  [
    'LR|DR',
    [
      'the other side reset the connection or the stream: it was reset during the request',
      PODS,
      'MD-WRK-001',
    ],
  ],
  ['UPE', ['the next component sent a response that is not HTTP', PODS, 'MD-WRK-003']],
  [
    'DI|FI',
    ['the route injects this fault', 'remove `fault` from it: meshdev kubectl get virtualservice -A -o yaml'],
  ],
  ['RL', ['a rate limit of the proxy was reached', FILTERS]],
  ['RLSE', ['the proxy could not query its rate limit service', FILTERS]],
  [
    'IH',
    [
      'the request has a malformed control header',
      'remove the x-envoy-* headers; this shows what the client sends: curl --verbose URL',
      'MD-HDR-003',
    ],
  ],
  [
    'SI',
    [
      'the request sent no byte for the idle timeout of the proxy, which ended it with 408 or 504; it lasted longer than the proxy allows',
      'read the timeouts of the routes: meshdev kubectl get virtualservice,destinationrule -A -o yaml',
    ],
  ],
  [
    'DT',
    [
      'the connection lasted longer than the proxy allows (max_connection_duration), and the proxy closed it',
      'open a new connection: curl --verbose URL',
    ],
  ],
  [
    'UMSDR',
    [
      'the request to the next component lasted longer than the proxy allows (max_stream_duration)',
      'read the timeouts of the routes: meshdev kubectl get virtualservice,destinationrule -A -o yaml',
    ],
  ],
  ['RFCF', ['the proxy answered from a cache', FILTERS]],
  ['NFCF', ['a filter of the proxy has not received its configuration', FILTERS]],
  [
    'OM',
    [
      'the overload manager of the proxy ended the request: a limit of memory or connections was reached',
      'meshdev kubectl describe nodes',
    ],
  ],
  ['DO|UDO', ['the proxy is configured to drop requests for this service (drop_overload)', FILTERS]],
];

/** The flags of Envoy 1.40 beside those that `PROXY_SIGNALS` knows better. */
export const PROXY_FLAG_SIGNALS: readonly Signal[] = FLAG_ROWS.map(([flags, rest]) =>
  signal('envoy flag', flags.replaceAll('|', ', '), new RegExp(String.raw`(?:^|,)(?:${flags})(?:,|$)`), rest),
);
