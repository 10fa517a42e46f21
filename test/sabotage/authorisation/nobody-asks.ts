import { addObject, deleteObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';
import { tokenRules } from '../support/token-rules.ts';

export const sabotage: Sabotage = {
  category: 'authorisation',
  what: 'no token is judged, and everything is allowed',
  commit: async (bench) => {
    const { namespace, serviceAccount } = bench.lab.workloads.httpbin;
    const back = await deleteObject(bench, tokenRules(bench));
    const shut = await addObject(bench, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'stranger-allows-all', namespace },
      spec: { selector: { matchLabels: { app: serviceAccount } }, action: 'ALLOW', rules: [{}] },
    });
    return async () => {
      await shut();
      await back();
    };
  },
  turns: {
    'MD-CONT-008': 'fail CONT_UPGRADE_OPEN',
    'MD-CONT-004': 'fail CONT_SUBJECT_DIFFERS',
    'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY',
    'MD-RBAC-005': 'fail RBAC_PREFLIGHT_PASSES',
    'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-003': 'fail RBAC_SOURCE_NOT_CHECKED',
    'MD-RBAC-002': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-001': 'fail CONT_SUBJECT_DIFFERS',
    'MD-JWT-021': 'fail JWT_SUBJECT_DIFFERS',
    'MD-JWT-019': 'fail JWT_OTHER_DELIVERY_TAKEN',
    'MD-JWT-001': 'fail JWT_SUBJECT_DIFFERS',
    'MD-HDR-009': 'fail RBAC_TOO_WIDE',
    'MD-HDR-006': 'fail HDR_OVERRIDE_ARRIVED',
    'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED',
    'MD-JWT-002': 'fail JWT_NOT_REQUIRED',
    'MD-JWT-010': 'fail JWT_UNSIGNED_ACCEPTED',
    'MD-JWT-011': 'fail JWT_KEY_CONFUSED',
    'MD-JWT-012': 'fail JWT_FOREIGN_KEY_TAKEN',
    'MD-JWT-013': 'fail JWT_SIGNATURE_NOT_CHECKED',
    'MD-JWT-014': 'fail JWT_KID_TOO_LENIENT',
    'MD-JWT-015': 'fail JWT_ISSUER_TOO_WIDE',
    'MD-JWT-016': 'fail JWT_AUDIENCE_NOT_CHECKED',
    'MD-JWT-017': 'fail JWT_TIME_NOT_CHECKED',
    'MD-JWT-018': 'fail JWT_OTHER_KIND_ACCEPTED',
    'MD-JWT-020': 'fail JWT_MALFORMED_ACCEPTED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
  logsTokens: true,
};
