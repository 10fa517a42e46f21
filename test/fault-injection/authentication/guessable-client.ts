import type { FaultInjection } from '../support/fault-injection.ts';
import { changeIdpConfig } from '../support/idp.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP knows a machine client with a secret that is easily guessed',
  commit: (bench) =>
    changeIdpConfig(bench, (json) =>
      json.replace(
        '"clients":[',
        '"clients":[{"kind":"machine","id":"ci2","name":"CI","secret":"ci2-secret","roles":["admin"]},',
      ),
    ),
  turns: { 'MD-OIDC-015': 'fail OIDC_OTHER_CONFIGURATION' },
  says: { 'MD-OIDC-015': ['client ci2', 'the role admin'] },
};
