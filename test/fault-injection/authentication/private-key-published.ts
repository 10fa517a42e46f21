import { createSigningKey, publicJwk } from '../../../src/keys/idp-secrets.ts';
import { answerForIdp } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'the key set holds the private part of a key',
  names: /Caddy/,
  commit: async (bench) => {
    const { idp } = await bench.context.keys();
    const leaked = createSigningKey();
    const keys = [...idp.jwks.keys, leaked].map(publicJwk);
    return answerForIdp(bench, '/jwks', {
      keys: keys.map((key, at) => (at < keys.length - 1 ? key : { ...key, d: leaked.d })),
    });
  },
  turns: { 'MD-OIDC-003': 'fail OIDC_PRIVATE_KEY_PUBLISHED', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
