import { addStrangerPolicy } from '../support/app-policy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'a policy denies everything to a workload whose name is misspelt',
  names: 'AuthorizationPolicy apps/stranger',
  commit: (bench) => addStrangerPolicy(bench, { action: 'DENY', rules: [{}], app: 'htpbin' }),
  extended: true,
  turns: { 'MD-RBAC-006': 'fail RBAC_DETACHED', 'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT' },
};
