import { addStrangerPolicy } from '../support/app-policy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'a policy that looks like a refusal only audits',
  names: 'AuthorizationPolicy apps/stranger',
  commit: (bench) =>
    addStrangerPolicy(bench, {
      action: 'AUDIT',
      rules: [{ to: [{ operation: { paths: ['/anything/admin'] } }] }],
    }),
  extended: true,
  turns: { 'MD-RBAC-007': 'warn RBAC_NOT_POSITIVE', 'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT' },
};
