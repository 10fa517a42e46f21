import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway speaks TLS 1.2 only',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    patchObject(bench, publicGateway(bench), [
      ['replace', '/spec/servers/0/tls/minProtocolVersion', 'TLSV1_2'],
      ['add', '/spec/servers/0/tls/maxProtocolVersion', 'TLSV1_2'],
    ]),
  // Under TLS 1.2 whoever shows no certificate gets another alert.
  turns: {
    'MD-EGW-008': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-EGW-006': 'fail EGW_TLS_TOO_OLD',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
