import type { FaultInjection } from '../support/fault-injection.ts';
import { changeIdpConfig } from '../support/idp.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP issues tokens for an audience that nobody declared',
  commit: (bench) =>
    changeIdpConfig(bench, (json) => json.replace(/("audiences":\[[^\]]*)\]/, '$1,"https://other.test"]')),
  extended: true,
  turns: { 'MD-OIDC-015': 'fail OIDC_OTHER_CONFIGURATION' },
  says: { 'MD-OIDC-015': ['audience https://other.test'] },
};
