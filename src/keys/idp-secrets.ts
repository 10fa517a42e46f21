import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Lab } from '../topology/lab.ts';
import { jwkThumbprint } from '../trust/token.ts';

/** A private ES256 signing key as JWK; `kid` is its RFC 7638 thumbprint. */
const signingKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
});

export const idpSecretsSchema = z.object({
  schemaVersion: z.literal('1'),
  jwks: z.object({ keys: z.array(signingKey).min(1) }),
  /** The first signs, all verify. */
  cookieKeys: z.array(z.string().min(32)).min(1),
  /** By user name. */
  passwords: z.record(z.string(), z.string().min(16)),
  /** By client id. */
  clientSecrets: z.record(z.string(), z.string().min(32)),
});

export type SigningJwk = Readonly<z.infer<typeof signingKey>>;

/** What the identity provider of a lab keeps to itself; lives in the key store, so it outlives containers. */
export type IdpSecrets = Readonly<z.infer<typeof idpSecretsSchema>>;

/**
 * Secrets for every user and confidential client of the lab.
 * @param kept what was made before and is still good: it stays, and so do the tokens and sessions that rest on it
 */
export function createIdpSecrets(lab: Lab, kept?: IdpSecrets): IdpSecrets {
  const passwords = lab.users.map(({ name }) => [name, kept?.passwords[name] ?? secret(18)] as const);
  const { machine } = lab.clients;
  return {
    schemaVersion: '1',
    jwks: kept?.jwks ?? { keys: [createSigningKey()] },
    cookieKeys: kept?.cookieKeys ?? [secret(32)],
    passwords: Object.fromEntries(passwords),
    clientSecrets: { [machine]: kept?.clientSecrets[machine] ?? secret(32) },
  };
}

/** `bytes` random bytes in base64url: no character needs quoting anywhere. */
function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

export function createSigningKey(): SigningJwk {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  return signingKey.parse({ ...jwk, kid: jwkThumbprint(jwk), alg: 'ES256', use: 'sig' });
}

/** The public half, as a key set shows it. */
export function publicJwk({ kty, crv, x, y, kid, alg, use }: SigningJwk): JsonWebKey {
  return { kty, crv, x, y, kid, alg, use };
}
