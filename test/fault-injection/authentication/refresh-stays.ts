import { changeIdpProgram } from '../support/idp.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP does not rotate refresh tokens',
  names: /refresh token/,
  commit: (bench) =>
    changeIdpProgram(bench, (source) =>
      source.replace('rotateRefreshToken: true', 'rotateRefreshToken: false'),
    ),
  extended: true,
  turns: { 'MD-OIDC-015': 'fail OIDC_OTHER_PROGRAM', 'MD-OIDC-006': 'fail OIDC_REFRESH_STAYS' },
};
