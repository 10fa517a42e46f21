import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway asks nobody for a certificate (SIMPLE)',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    patchObject(bench, publicGateway(bench), [
      ['replace', '/spec/servers/0/tls/mode', 'SIMPLE'],
      ['remove', '/spec/servers/0/tls/subjectAltNames'],
    ]),
  turns: {
    'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE',
    'MD-EGW-011': 'fail EGW_IDENTITY_NOT_CHECKED',
    'MD-EGW-010': 'fail EGW_VALIDITY_NOT_CHECKED',
    'MD-EGW-009': 'fail EGW_CA_TOO_WIDE',
    'MD-EGW-005': 'fail EGW_OTHER_CLIENT',
    'MD-EGW-008': 'fail EGW_CERTIFICATE_OPTIONAL',
    'MD-EXPO-002': 'fail EXPO_GATEWAY_OPEN',
    'MD-GW-007': 'fail GW_LISTENER_SETTING',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
