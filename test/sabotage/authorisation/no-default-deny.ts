import { deleteObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'authorisation',
  what: 'the default deny is removed',
  commit: (bench) =>
    deleteObject(bench, { kind: 'authorizationpolicy', namespace: 'istio-system', name: 'default-deny' }),
  turns: { 'MD-RBAC-008': 'fail RBAC_DEFAULT_OPEN', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
