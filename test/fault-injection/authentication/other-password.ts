import { changeIdpConfig } from '../support/idp.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** All that asks as bob: without him nothing is seen. */
const UNSEEN = [
  'MD-CONT-001',
  'MD-CONT-002',
  'MD-CONT-003',
  'MD-CONT-004',
  'MD-CONT-005',
  'MD-EGW-005',
  'MD-EGW-007',
  'MD-JWT-001',
  'MD-JWT-002',
  'MD-JWT-010',
  'MD-JWT-011',
  'MD-JWT-013',
  'MD-JWT-014',
  'MD-JWT-015',
  'MD-JWT-016',
  'MD-JWT-017',
  'MD-JWT-018',
  'MD-JWT-021',
  'MD-MESH-002',
  'MD-MESH-003',
  'MD-MESH-006',
  'MD-MESH-007',
  'MD-MESH-008',
  'MD-MESH-009',
  'MD-MESH-018',
  'MD-OIDC-004',
  'MD-OIDC-005',
  'MD-RBAC-003',
  'MD-RBAC-008',
  'MD-WRK-001',
] as const;

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP knows bob by another password',
  names: /\bbob\b/,
  commit: (bench) =>
    changeIdpConfig(bench, (json) =>
      json.replace(
        /("name":\s*"bob",\s*"roles":\s*\[[^\]]*\],\s*"password":\s*")[^"]*/,
        '$1another-password',
      ),
    ),
  extended: true,
  turns: {
    'MD-OIDC-015': 'fail OIDC_OTHER_CONFIGURATION',
    ...Object.fromEntries(UNSEEN.map((id) => [id, 'unknown EVIDENCE_MISSING' as const])),
  },
};
