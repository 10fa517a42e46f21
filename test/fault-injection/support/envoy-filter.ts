import type { Bench } from './bench.ts';
import { addObject } from './cluster.ts';
import type { Restore } from './fault-injection.ts';

export interface EnvoyPatch {
  readonly namespace: string;
  /** Value of the label `app` of the proxies; missing = every proxy of the namespace. */
  readonly app?: string;
  readonly applyTo: 'LISTENER' | 'FILTER_CHAIN' | 'NETWORK_FILTER';
  readonly match: Readonly<Record<string, unknown>>;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Somebody's EnvoyFilter that merges one value into what istiod sends. */
export function mergeIntoEnvoy(bench: Bench, patch: EnvoyPatch): Promise<Restore> {
  const { namespace, app, applyTo, match, value } = patch;
  return addObject(bench, {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'sabotage', namespace },
    spec: {
      ...(app === undefined ? {} : { workloadSelector: { labels: { app } } }),
      configPatches: [{ applyTo, match, patch: { operation: 'MERGE', value } }],
    },
  });
}

/** Added to what a listener's TLS asks of its clients. */
export function downstreamTls(settings: Readonly<Record<string, unknown>>): EnvoyPatch['value'] {
  return tlsSocket('envoy.transport_sockets.tls', settings);
}

/** Instead of what a listener's TLS asks: istiod merges the settings of sockets of one name only. */
export function otherDownstreamTls(settings: Readonly<Record<string, unknown>>): EnvoyPatch['value'] {
  return tlsSocket('tls', settings);
}

function tlsSocket(name: string, settings: Readonly<Record<string, unknown>>): EnvoyPatch['value'] {
  return {
    transport_socket: {
      name,
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
        ...settings,
      },
    },
  };
}

/** What the HTTP connection manager does with requests. */
export function httpManager(settings: Readonly<Record<string, unknown>>): EnvoyPatch['value'] {
  return {
    typed_config: {
      '@type':
        'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      ...settings,
    },
  };
}
