import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** A drill: the chain holds, and nothing but the difference from the plan may be told. */
export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the gateway speaks TLS 1.3 only, and says so',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    patchObject(bench, publicGateway(bench), [['add', '/spec/servers/0/tls/maxProtocolVersion', 'TLSV1_3']]),
  extended: true,
  turns: { 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
