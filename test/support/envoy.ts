import { type Running, startOnPort } from './child.ts';
import { cachedProgram } from './programs.ts';

/** A real Envoy with one listener on 127.0.0.1; no admin port unless one is given. */
export async function startEnvoy(
  listener: object,
  port: number,
  clusters: readonly object[] = [],
  adminPort?: number,
): Promise<Running> {
  const address = { socket_address: { address: '127.0.0.1', port_value: port } };
  const admin = { address: { socket_address: { address: '127.0.0.1', port_value: adminPort } } };
  const config = {
    ...(adminPort === undefined ? {} : { admin }),
    static_resources: { listeners: [{ name: 'inbound', address, ...listener }], clusters },
  };
  const argv = [
    '--config-yaml',
    JSON.stringify(config),
    '--use-dynamic-base-id',
    '--file-flush-interval-msec',
    '100',
    '--concurrency',
    '1',
    '-l',
    'warning',
  ];
  return startOnPort(await cachedProgram('envoy'), argv, port);
}

export function typed(type: string, config: object): object {
  return { typed_config: { '@type': `type.googleapis.com/${type}`, ...config } };
}

/** HTTP filters, then the answer: refusals carry their `response_code_details` as body. */
export function httpFilterChain(
  filters: readonly object[],
  route: object,
  accessLog: readonly object[] = [],
): object {
  return httpRoutes(filters, [{ match: { prefix: '/' }, ...route }], accessLog);
}

/** The same with routes of their own. */
export function httpRoutes(
  filters: readonly object[],
  routes: readonly object[],
  accessLog: readonly object[] = [],
): object {
  const manager = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  const router = { name: 'router', ...typed('envoy.extensions.filters.http.router.v3.Router', {}) };
  return {
    filters: [
      {
        name: 'http',
        ...typed(manager, {
          stat_prefix: 'inbound',
          access_log: accessLog,
          http_filters: [...filters, router],
          route_config: {
            // A route to a cluster that nobody declared is answered, as it is when istiod sent it.
            validate_clusters: false,
            virtual_hosts: [{ name: 'all', domains: ['*'], routes }],
          },
          local_reply_config: { body_format: { text_format: '%RESPONSE_CODE_DETAILS%' } },
        }),
      },
    ],
  };
}
