import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { CONNECTION_LOG } from './access-log.ts';
import { ISTIO_NAMESPACE, LOG_PROVIDER } from './names.ts';
import { labObject } from './object.ts';

/** Without these the proxies of the mesh could not testify. */
export function telemetry(lab: Lab): readonly KubeObject[] {
  return [requestLog(lab), connectionLog(lab)];
}

function requestLog(lab: Lab): KubeObject {
  return labObject(
    lab,
    {
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      name: 'request-log',
      namespace: ISTIO_NAMESPACE,
      role: 'telemetry',
    },
    { spec: { accessLogging: [{ providers: [{ name: LOG_PROVIDER }] }] } },
  );
}

/** `istioctl analyze` warns of every EnvoyFilter, whatever it does: there is no other way to this log. */
const WARNS_OF_ENVOY_FILTERS = 'IST0133';

/**
 * Istio's own listener log knows only connections that matched no filter chain. A client whose
 * certificate was refused leaves its reason in this one, and nowhere else.
 */
function connectionLog(lab: Lab): KubeObject {
  const patch = { operation: 'MERGE', value: { access_log: [FAILED_HANDSHAKES] } };
  const listeners = [
    { context: 'GATEWAY', listener: { portNumber: 8443 } },
    { context: 'SIDECAR_INBOUND', listener: { name: 'virtualInbound' } },
  ];
  return labObject(
    lab,
    {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      name: 'connection-log',
      namespace: ISTIO_NAMESPACE,
      role: 'telemetry',
      annotations: { 'galley.istio.io/analyze-suppress': WARNS_OF_ENVOY_FILTERS },
    },
    { spec: { configPatches: listeners.map((match) => ({ applyTo: 'LISTENER', match, patch })) } },
  );
}

const FAILED_HANDSHAKES = {
  name: 'meshdev.failed_handshakes',
  filter: {
    extension_filter: {
      name: 'envoy.access_loggers.extension_filters.cel',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter',
        expression: 'connection.transport_failure_reason != ""',
      },
    },
  },
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog',
    path: '/dev/stdout',
    log_format: { json_format: CONNECTION_LOG },
  },
} as const;
