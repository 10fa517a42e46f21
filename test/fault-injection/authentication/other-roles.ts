import { changeIdpConfig } from '../support/idp.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP gives alice other roles than she has',
  names: /\balice\b.*\broles?\b|\broles?\b.*\balice\b/s,
  commit: (bench) =>
    changeIdpConfig(bench, (json) => json.replace(/("name":\s*"alice",\s*"roles":\s*\[)[^\]]*/, '$1"guest"')),
  turns: {
    'MD-OIDC-015': 'fail OIDC_OTHER_CONFIGURATION',
    'MD-RBAC-004': 'fail RBAC_LOCKED_OUT',
    'MD-JWT-021': 'fail JWT_TOLERANCE_MOVED',
    'MD-JWT-001': 'fail JWT_VALID_REFUSED',
    'MD-MESH-018': 'fail MESH_CONTROL_REFUSED',
    'MD-OIDC-005': 'fail OIDC_CLAIMS',
    'MD-RBAC-001': 'fail RBAC_LOCKED_OUT',
    'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
    'MD-CONT-002': 'unknown NO_RECORD',
    'MD-CONT-003': 'unknown PATH_BROKEN',
  },
};
