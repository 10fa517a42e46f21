import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway no longer pins Caddy’s name',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    patchObject(bench, publicGateway(bench), [['remove', '/spec/servers/0/tls/subjectAltNames']]),
  turns: {
    'MD-EGW-011': 'fail EGW_IDENTITY_NOT_CHECKED',
    'MD-GW-007': 'fail GW_LISTENER_SETTING',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
