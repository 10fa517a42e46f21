import { answerForIdp } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** As an IdP does that does not know of the proxy before it. */
export const fault: FaultInjection = {
  category: 'authentication',
  what: 'discovery names another issuer, and URLs of its own address',
  names: /Caddy/,
  commit: (bench) => {
    const { issuer, containers, idpPort } = bench.lab;
    const inner = `http://${containers.idp}:${idpPort}`;
    return answerForIdp(bench, '/.well-known/openid-configuration', {
      issuer: `${issuer}/`,
      authorization_endpoint: `${inner}/auth`,
      token_endpoint: `${inner}/token`,
      jwks_uri: `${inner}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
  },
  turns: {
    'MD-NAME-005': 'fail NAME_SPLIT_HORIZON',
    'MD-OIDC-006': 'fail OIDC_FLOW_BROKEN',
    'MD-OIDC-001': 'fail OIDC_ISSUER_DIFFERS',
    'MD-OIDC-002': 'fail OIDC_FOREIGN_URL',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
