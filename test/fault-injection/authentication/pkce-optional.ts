import { changeIdpProgram } from '../support/idp.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the IdP asks for no PKCE',
  names: /PKCE|code challenge|code_challenge/i,
  commit: (bench) =>
    changeIdpProgram(bench, (source) => source.replace('required: () => true', 'required: () => false')),
  turns: { 'MD-OIDC-015': 'fail OIDC_OTHER_PROGRAM', 'MD-OIDC-007': 'fail OIDC_CODE_TAKEN' },
};
