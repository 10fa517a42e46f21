import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway takes a certificate, and does without (OPTIONAL_MUTUAL)',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    // With names to match, Envoy asks for a certificate all the same.
    patchObject(bench, publicGateway(bench), [
      ['replace', '/spec/servers/0/tls/mode', 'OPTIONAL_MUTUAL'],
      ['remove', '/spec/servers/0/tls/subjectAltNames'],
    ]),
  extended: true,
  turns: {
    'MD-EGW-011': 'fail EGW_IDENTITY_NOT_CHECKED',
    'MD-EGW-008': 'fail EGW_CERTIFICATE_OPTIONAL',
    'MD-EXPO-002': 'fail EXPO_GATEWAY_OPEN',
    'MD-GW-007': 'fail GW_LISTENER_SETTING',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
