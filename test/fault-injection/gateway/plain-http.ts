import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway speaks plain HTTP on its port',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    patchObject(bench, publicGateway(bench), [
      ['replace', '/spec/servers/0/port/protocol', 'HTTP'],
      ['remove', '/spec/servers/0/tls'],
    ]),
  extended: true,
  turns: {
    'MD-EXPO-002': 'fail EXPO_GATEWAY_OPEN',
    'MD-GW-007': 'fail GW_LISTENER_SETTING',
    'MD-GW-001': 'fail GW_NO_LISTENER',
    'MD-EGW-006[handshake]': 'fail EGW_NO_COMMON_TLS',
    'MD-EGW-006[floor]': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-EGW-003': 'fail EGW_EDGE_REFUSED',
    'MD-EGW-012': 'fail EGW_PLAINTEXT_SERVED',
    'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
