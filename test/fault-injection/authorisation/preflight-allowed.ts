import { addStrangerPolicy } from '../support/app-policy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'somebody lets every OPTIONS pass, for the sake of CORS',
  names: 'AuthorizationPolicy apps/stranger',
  commit: (bench) =>
    addStrangerPolicy(bench, { action: 'ALLOW', rules: [{ to: [{ operation: { methods: ['OPTIONS'] } }] }] }),
  turns: {
    'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-005': 'fail RBAC_PREFLIGHT_PASSES',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
};
