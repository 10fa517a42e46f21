import type { FaultInjection } from '../support/fault-injection.ts';
import { changeIdpConfig } from '../support/idp.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'access tokens of the IdP are valid for thirty days',
  commit: (bench) =>
    changeIdpConfig(bench, (json) =>
      json.replace('"accessTokenTtlSeconds":3600', '"accessTokenTtlSeconds":2592000'),
    ),
  extended: true,
  turns: { 'MD-OIDC-015': 'fail OIDC_OTHER_CONFIGURATION' },
  says: { 'MD-OIDC-015': ['valid for 2592000 s'] },
};
