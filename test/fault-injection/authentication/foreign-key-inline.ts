import { createSigningKey, publicJwk } from '../../../src/keys/idp-secrets.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { changeTokenRule } from '../support/token-rules.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'a key of somebody else is written into the rules for tokens',
  names: 'RequestAuthentication apps/tokens',
  commit: (bench) =>
    changeTokenRule(
      bench,
      ['remove', 'jwksUri'],
      ['add', 'jwks', JSON.stringify({ keys: [publicJwk(createSigningKey())] })],
    ),
  extended: true,
  turns: {
    'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY',
    'MD-JWT-001': 'fail JWT_VALID_REFUSED',
    'MD-JWT-019': 'fail JWT_TOLERANCE_MOVED',
    'MD-JWT-021': 'fail JWT_TOLERANCE_MOVED',
    'MD-MESH-018': 'fail MESH_CONTROL_REFUSED',
    'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
