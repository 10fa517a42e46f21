import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Lab } from '../../topology/lab.ts';
import { decodeToken } from '../../trust/token.ts';
import type { ForgeryBase } from './forge-token.ts';
import type { Tokens } from '../../idp/client/login.ts';
import type { Needs } from '../probe-context.ts';

/** On the probe container, where nobody listens. */
const NOBODY_PORT = 8911;

/** Reached by name from the whole lab network, pods included. */
export function canaryUrl(lab: Lab, port = NOBODY_PORT): string {
  return `http://${lab.containers.probe}:${port}/keys.json`;
}

/** @param good a token set of one sign-in @throws MeshdevError STEP_FAILED without a good token to start from */
export function forgeryBase(
  { context: { lab }, keys }: Needs<'context' | 'keys'>,
  good: Tokens,
): ForgeryBase {
  const read = decodeToken(good.accessToken);
  const key = keys.idp.jwks.keys[0];
  if (read.kind === 'malformed' || key === undefined)
    throw new MeshdevError('STEP_FAILED', { message: 'no valid token is available to forge from' });
  return {
    claims: read.claims,
    key,
    at: new Date(),
    idToken: good.idToken ?? '',
    refreshToken: good.refreshToken ?? '',
    canary: canaryUrl(lab),
    certificate: keys.gateway,
  };
}
