import { beginLogins } from '../../../src/probe/tokens/tokens.ts';
import { changeCaddyfile } from '../support/caddy.ts';
import { FORGED_TOKENS_PASS } from '../support/forged-tokens.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy puts alice’s token on every request',
  names: /Caddy/,
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
    ...FORGED_TOKENS_PASS,
    'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED',
    'MD-HDR-006': 'fail HDR_OVERRIDE_ARRIVED',
    'MD-HDR-008': 'fail HDR_AUTHORIZATION_CHANGED',
    'MD-HDR-009': 'fail RBAC_TOO_WIDE',
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
