import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'the gateway’s own policy lets every host pass',
  names: 'AuthorizationPolicy istio-ingress/gateway-forwards',
  commit: (bench) =>
    patchObject(
      bench,
      {
        kind: 'authorizationpolicy',
        namespace: bench.lab.workloads.gateway.namespace,
        name: 'gateway-forwards',
      },
      [['replace', '/spec/rules', [{}]]],
    ),
  turns: { 'MD-GW-005': 'fail REFUSED_FOR_OTHER_REASON', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
