import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway takes a TLS 1.2 suite only that Caddy does not offer',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    patchObject(bench, publicGateway(bench), [
      ['replace', '/spec/servers/0/tls/minProtocolVersion', 'TLSV1_2'],
      ['add', '/spec/servers/0/tls/maxProtocolVersion', 'TLSV1_2'],
      ['add', '/spec/servers/0/tls/cipherSuites', ['AES128-SHA']],
    ]),
  extended: true,
  turns: {
    'MD-EGW-006': 'fail EGW_NO_COMMON_TLS',
    'MD-EGW-003': 'fail EGW_EDGE_REFUSED',
    'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
