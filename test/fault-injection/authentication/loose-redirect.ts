import { CALLBACK_PATH } from '../../../src/idp/idp-config.ts';
import { changeIdpConfig } from '../support/idp.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

const GOOD = `http://127.0.0.1${CALLBACK_PATH}`;

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP knows one redirect URI too many',
  names: /redirect/,
  commit: (bench) => changeIdpConfig(bench, (json) => json.replace(`"${GOOD}"`, `"${GOOD}","${GOOD}/x"`)),
  extended: true,
  turns: { 'MD-OIDC-015': 'fail OIDC_OTHER_CONFIGURATION', 'MD-OIDC-008': 'fail OIDC_REDIRECT_TAKEN' },
};
