import type { FaultInjection } from '../support/fault-injection.ts';
import { changeIdpFile } from '../support/idp.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP accepts any password of a user',
  commit: (bench) =>
    changeIdpFile(bench, '/opt/meshdev/guest/idp/accounts.js', (source) =>
      source.replace(/const matches = [^;]+;/, 'const matches = user !== undefined;'),
    ),
  turns: { 'MD-OIDC-015': 'fail OIDC_OTHER_PROGRAM' },
  says: { 'MD-OIDC-015': ['/opt/meshdev/guest/idp/accounts.js is changed', 'any password'] },
};
