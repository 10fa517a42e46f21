import { addStrangerPolicy } from '../support/app-policy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'somebody adds a policy that allows everything to httpbin',
  names: 'AuthorizationPolicy apps/stranger',
  commit: (bench) => addStrangerPolicy(bench, { action: 'ALLOW', rules: [{}] }),
  extended: true,
  turns: {
    'MD-JWT-002': 'fail JWT_NOT_REQUIRED',
    'MD-RBAC-002': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-003': 'fail RBAC_SOURCE_NOT_CHECKED',
    'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-005': 'fail RBAC_PREFLIGHT_PASSES',
    'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED',
    'MD-HDR-006': 'fail HDR_OVERRIDE_ARRIVED',
    'MD-HDR-009': 'fail RBAC_TOO_WIDE',
    'MD-CONT-008': 'fail CONT_UPGRADE_OPEN',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
  // Where two policies allow a request, Envoy names the one that it looked at first.
  // Paths that lead below admin are HDR_PATH_NOT_JUDGED: bob was let in where he may only read.
  mayTurn: ['MD-RBAC-001', 'MD-HDR-009'],
  logsTokens: true,
};
