import { createSigningKey } from '../../../src/keys/idp-secrets.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { changeIdpConfig } from '../support/idp.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP has a second signing key that the lab did not make',
  commit: (bench) =>
    changeIdpConfig(bench, (json) =>
      json.replace(
        /("jwks":\{"keys":\[.*?\})\]/,
        (_whole, keys: string) => `${keys},${JSON.stringify(createSigningKey())}]`,
      ),
    ),
  turns: { 'MD-OIDC-015': 'fail OIDC_FOREIGN_KEY' },
  // The configuration has it too, and proxies may have fetched it.
  mayTurn: ['MD-OIDC-015[configuration]', 'MD-OIDC-010'],
  says: { 'MD-OIDC-015': ['which the lab did not make', 'it also has the key'] },
};
