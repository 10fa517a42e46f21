import { patchObject, publicGateway } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'the Gateway object selects no pod',
  names: 'Gateway istio-ingress/public',
  commit: (bench) =>
    patchObject(bench, publicGateway(bench), [['replace', '/spec/selector/istio', 'gatway']]),
  extended: true,
  turns: {
    'MD-RBAC-006': 'fail RBAC_DETACHED',
    'MD-MESH-019': 'fail MESH_GOOD_SERVER_REFUSED',
    'MD-GW-004': 'fail GW_NO_ROUTE',
    'MD-EGW-003': 'fail EGW_EDGE_REFUSED',
    'MD-EGW-001': 'fail EGW_NOT_REACHED',
    'MD-GW-001': 'fail GW_NO_LISTENER',
    'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
