import { beginLogins } from '../../../src/probe/tokens.ts';
import { changeCaddyfile } from '../support/caddy.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'edge',
  what: 'Caddy puts alice’s token on every request',
  commit: async (bench) => {
    const keys = await bench.context.keys();
    const { accessToken } = await beginLogins(bench.lab, keys, AbortSignal.timeout(30_000)).alice;
    return changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(
        'header_up X-Meshdev-Id {http.request.uuid}\n\t\ttransport http {\n\t\t\ttls_trust_pool',
        `header_up X-Meshdev-Id {http.request.uuid}\n\t\theader_up Authorization "Bearer ${accessToken}"\n\t\ttransport http {\n\t\t\ttls_trust_pool`,
      ),
    );
  },
  extended: true,
  turns: {
    'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED',
    'MD-HDR-006': 'fail HDR_OVERRIDE_ARRIVED',
    'MD-HDR-008': 'fail HDR_AUTHORIZATION_CHANGED',
    'MD-HDR-009': 'fail RBAC_TOO_WIDE',
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
    'MD-JWT-019': 'fail JWT_OTHER_DELIVERY_TAKEN',
    'MD-JWT-020': 'fail JWT_MALFORMED_ACCEPTED',
    'MD-RBAC-001': 'fail CONT_SUBJECT_DIFFERS',
    'MD-RBAC-002': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-004': 'fail RBAC_TOO_WIDE',
    'MD-RBAC-005': 'fail RBAC_PREFLIGHT_PASSES',
    'MD-CONT-007': 'fail CONT_USERS_MIXED',
    'MD-CONT-008': 'fail CONT_UPGRADE_OPEN',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
  logsTokens: true,
};
