import type { Attempt, IdpLogins, LoginFacts } from '../../evidence/idp.ts';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import { decodeToken, listClaim, textClaim } from '../../trust/token.ts';
import type { Tokens } from '../../idp/client/login.ts';
import type { Needs } from '../probe-context.ts';
import { factsOf } from '../tokens/tokens.ts';

/** The sign-ins that everybody else uses too, each with its own outcome. */
export async function collectIdpLogins({ logins }: Needs<'logins'>): Promise<IdpLogins> {
  const attempts = await Promise.all(
    [...logins().users].map(async ([name, login]) => [name, await attempt(login.then(loginFacts))] as const),
  );
  return Object.fromEntries(attempts);
}

function loginFacts({ idToken, accessToken }: Tokens): LoginFacts {
  const read = decodeToken(idToken ?? '');
  const claims = read.kind === 'jwt' ? read.claims : {};
  return {
    subject: textClaim(claims, 'sub') ?? '',
    issuer: textClaim(claims, 'iss') ?? '',
    audience: listClaim(claims, 'aud'),
    hasNonce: textClaim(claims, 'nonce') !== undefined,
    access: factsOf(accessToken),
  };
}

/** A refusal is something seen; whatever else went wrong is not. */
export async function attempt<T>(doing: Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'seen', value: await doing };
  } catch (error) {
    const isRefusal = error instanceof MeshdevError && error.code === 'TOKEN_REFUSED';
    return { kind: isRefusal ? 'refused' : 'unseen', said: textOf(error) };
  }
}
