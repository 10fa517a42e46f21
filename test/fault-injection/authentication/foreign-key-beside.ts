import { createSigningKey, publicJwk } from '../../../src/keys/idp-secrets.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { changeTokenRule } from '../support/token-rules.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'a key of somebody else stands beside the IdP’s in the rules for tokens, under the same name',
  names: 'RequestAuthentication apps/tokens',
  commit: async (bench) => {
    const { jwks } = (await bench.context.keys()).idp;
    const own = jwks.keys.map((key) => publicJwk(key));
    const other = { ...publicJwk(createSigningKey()), kid: own[0]?.['kid'] };
    return changeTokenRule(
      bench,
      ['remove', 'jwksUri'],
      ['add', 'jwks', JSON.stringify({ keys: [...own, other] })],
    );
  },
  turns: { 'MD-OIDC-010': 'fail OIDC_PLACEHOLDER_KEY', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
