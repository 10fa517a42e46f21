import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway’s credential is a secret that nobody made',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    patchObject(bench, publicGateway(bench), [['replace', '/spec/servers/0/tls/credentialName', 'nowhere']]),
  turns: {
    'MD-EGW-003': 'fail EGW_EDGE_REFUSED',
    'MD-GW-002': 'fail GW_SECRET_WARMING',
    'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
