import { deleteObject } from '../support/cluster.ts';
import type { Sabotage } from '../support/sabotage.ts';
import { tokenRules } from '../support/token-rules.ts';

export const sabotage: Sabotage = {
  category: 'authentication',
  what: 'the rules for tokens are removed',
  commit: (bench) => deleteObject(bench, tokenRules(bench)),
  turns: {
    'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY',
    'MD-JWT-001': 'fail JWT_VALID_REFUSED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
