import { changeIdpProgram } from '../support/idp.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'authentication',
  what: 'the IdP asks for no PKCE',
  commit: (bench) =>
    changeIdpProgram(bench, (source) => source.replace('required: () => true', 'required: () => false')),
  turns: { 'MD-OIDC-007': 'fail OIDC_CODE_TAKEN' },
};
