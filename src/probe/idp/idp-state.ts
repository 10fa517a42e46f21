import { z } from 'zod';
import type { IdpState } from '../../evidence/idp-keys.ts';
import { runHere } from '../../agent/patient-jobs.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { jwkThumbprint } from '../../trust/token.ts';
import { wireOf } from '../requests/wire.ts';
import type { Needs } from '../probe-context.ts';
import { readAnswer, readJsonAnswer } from '../../read-answer.ts';

const discoveryShape = z.record(z.string(), z.unknown());
const jwksShape = z.object({
  keys: z.array(
    z.looseObject({
      kid: z.string().default(''),
      kty: z.string(),
      d: z.unknown().optional(),
      alg: z.string().optional(),
      use: z.string().optional(),
      crv: z.string().optional(),
      n: z.string().optional(),
    }),
  ),
});

/** The IdP's public documents, as a client behind the edge sees them over verified TLS. */
export async function collectIdpState({
  context: { lab },
  keys,
  signal,
}: Needs<'context' | 'keys' | 'signal'>): Promise<IdpState> {
  const paths = { discovery: '/.well-known/openid-configuration', jwks: '/jwks' };
  const results = await runHere(
    Object.entries(paths).map(([id, path]) => ({
      kind: 'tls' as const,
      id,
      host: '127.0.0.1',
      port: lab.httpsPort,
      servername: lab.hosts.auth,
      ca: keys.edge.rootPem,
      alpn: ['http/1.1'],
      readFirstMs: 0,
      timeoutMs: 8_000,
      request: { method: 'GET', path, headers: [['Host', new URL(lab.issuer).host]] as const },
    })),
    signal,
  );
  const [discovery, jwks] = [documentOf('discovery'), documentOf('jwks')];
  return {
    discovery: readAnswer(discoveryShape, discovery, `reading ${lab.issuer}${paths.discovery}`),
    keys: readAnswer(jwksShape, jwks, `reading ${lab.issuer}${paths.jwks}`).keys.map(
      ({ kid, kty, d, alg, use, crv, n, ...rest }) => ({
        kid,
        thumbprint: jwkThumbprint({ ...rest, kty, crv, n }),
        kty,
        isPrivate: d !== undefined,
        alg,
        use,
        crv,
        bits: n === undefined ? undefined : Buffer.from(n, 'base64url').length * 8,
      }),
    ),
  };

  function documentOf(id: keyof typeof paths): unknown {
    const wire = wireOf(results, id);
    if (wire.status === 200)
      return readJsonAnswer(z.unknown(), wire.body, `reading ${lab.issuer}${paths[id]}`);
    throw new MeshdevError('STEP_FAILED', {
      message: `reading ${lab.issuer}${paths[id]}: ${wire.status ?? wire.ended}`,
    });
  }
}
