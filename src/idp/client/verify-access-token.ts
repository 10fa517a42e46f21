import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { type EdgeAccess, edgeRequest } from '../../edge/edge-request.ts';
import { readAnswer, readJsonAnswer } from '../../read-answer.ts';

/** What an access token of the lab says, after its signature was verified. Times are epoch seconds. */
export interface AccessClaims {
  readonly sub: string;
  readonly iss: string;
  readonly aud: readonly string[];
  readonly roles: readonly string[];
  readonly scope?: string;
  readonly clientId?: string;
  readonly iat: number;
  readonly exp: number;
  readonly alg: string;
  readonly kid?: string;
}

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

const payload = z.object({
  sub: z.string(),
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  roles: z.array(z.string()).default([]),
  scope: z.string().optional(),
  client_id: z.string().optional(),
  iat: z.number(),
  exp: z.number(),
});

/**
 * Verifies a JWT access token against the provider's present key set, issuer and audience.
 * @param audience the sample service's when it is left out
 * @throws jose's errors, MeshdevError ANSWER_UNREADABLE
 */
export async function verifyAccessToken(
  access: EdgeAccess,
  jwksUri: string | undefined,
  token: string,
  audience = access.lab.audience,
): Promise<AccessClaims> {
  if (jwksUri === undefined) {
    throw new MeshdevError('TOKEN_REFUSED', {
      message: `${access.lab.issuer} names no key set in its discovery`,
    });
  }
  const { createLocalJWKSet, jwtVerify } = await import('jose');
  const { body } = await edgeRequest(access, new URL(jwksUri), { method: 'GET' });
  const keys = createLocalJWKSet(readJsonAnswer(keySet, body, `reading the key set ${jwksUri}`));
  const verified = await jwtVerify(token, keys, {
    issuer: access.lab.issuer,
    audience,
    algorithms: ['ES256'],
    typ: 'at+jwt',
  });
  return claimsOf(
    readAnswer(payload, verified.payload, 'reading the claims of an access token'),
    verified.protectedHeader,
  );
}

function claimsOf(
  { aud, scope, client_id: clientId, ...claims }: z.infer<typeof payload>,
  { alg, kid }: { readonly alg: string; readonly kid?: string },
): AccessClaims {
  return {
    ...claims,
    aud: typeof aud === 'string' ? [aud] : aud,
    alg,
    ...(scope === undefined ? {} : { scope }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(kid === undefined ? {} : { kid }),
  };
}
