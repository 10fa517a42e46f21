import { addStrangerPolicy } from '../support/app-policy.ts';
import { deleteObject } from '../support/cluster.ts';
import { FORGED_TOKENS_PASS } from '../support/forged-tokens.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { tokenRules } from '../support/token-rules.ts';

export const fault: FaultInjection = {
  category: 'authorisation',
  what: 'no token is judged, and everything is allowed',
  names: /RequestAuthentication apps\/tokens|AuthorizationPolicy apps\/stranger/,
  commit: async (bench) => {
    const back = await deleteObject(bench, tokenRules(bench));
    const shut = await addStrangerPolicy(bench, { action: 'ALLOW', rules: [{}] });
    return async () => {
      await shut();
      await back();
    };
  },
  turns: {
    ...FORGED_TOKENS_PASS,
    'MD-CONT-008': 'fail CONT_UPGRADE_OPEN',
    'MD-CONT-004': 'fail CONT_SUBJECT_DIFFERS',
    'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY',
    'MD-RBAC-005': 'fail RBAC_PREFLIGHT_PASSES',
    'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-003': 'fail RBAC_SOURCE_NOT_CHECKED',
    'MD-RBAC-002': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-001': 'fail CONT_SUBJECT_DIFFERS',
    'MD-JWT-021': 'fail JWT_SUBJECT_DIFFERS',
    'MD-JWT-001': 'fail JWT_SUBJECT_DIFFERS',
    'MD-HDR-009': 'fail RBAC_TOO_WIDE',
    'MD-HDR-006': 'fail HDR_OVERRIDE_ARRIVED',
    'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
    'MD-DRIFT-004': 'warn DRIFT_FOREIGN_OBJECT',
  },
  logsTokens: true,
};
