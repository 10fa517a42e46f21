import { changeIdpConfig } from '../support/idp.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'authentication',
  what: 'the IdP knows bob by another password',
  commit: (bench) =>
    changeIdpConfig(bench, (json) =>
      json.replace(
        /("name":\s*"bob",\s*"roles":\s*\[[^\]]*\],\s*"password":\s*")[^"]*/,
        '$1another-password',
      ),
    ),
  extended: true,
  turns: { 'MD-OIDC-004': 'unknown EVIDENCE_MISSING', 'MD-OIDC-005': 'unknown EVIDENCE_MISSING' },
};
