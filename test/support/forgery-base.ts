import { CompactSign } from 'jose';
import type { SigningJwk } from '../../src/keys/idp-secrets.ts';
import type { ForgeryBase } from '../../src/probe/tokens/forge-token.ts';
import type { Lab } from '../../src/topology/lab.ts';
import { makeServer } from './certificates.ts';

/** What a forger would have after a login of alice's, without a lab. */
export async function forgeryBase(lab: Lab, key: SigningJwk, at: Date): Promise<ForgeryBase> {
  const { certificatePem, keyPem } = await makeServer(lab.hosts.gateway, undefined);
  const common = { iss: lab.issuer, sub: 'alice', roles: ['admin'], client_id: lab.clients.cli };
  const times = { iat: at.getTime() / 1000, exp: at.getTime() / 1000 + 3600 };
  const idToken = { ...common, ...times, aud: lab.clients.cli };
  return {
    claims: { ...common, aud: lab.audience },
    key,
    at,
    idToken: await new CompactSign(Buffer.from(JSON.stringify(idToken)))
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
      .sign(key),
    refreshToken: 'cOf8-an-opaque-refresh-token',
    canary: 'http://canary.invalid/keys.json',
    certificate: { certificatePem, keyPem },
  };
}
