import { deleteObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'the default deny is removed',
  names: 'AuthorizationPolicy istio-system/default-deny',
  commit: (bench) =>
    deleteObject(bench, { kind: 'authorizationpolicy', namespace: 'istio-system', name: 'default-deny' }),
  turns: { 'MD-RBAC-008': 'fail RBAC_DEFAULT_OPEN', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
