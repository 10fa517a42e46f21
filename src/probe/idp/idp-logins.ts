import type { Attempt, IdpLogins, LoginFacts } from '../../evidence/idp.ts';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import { decodeToken, listClaim, textClaim } from '../../trust/token.ts';
import type { Tokens } from '../../idp/client/login.ts';
import type { Needs } from '../probe-context.ts';

/** The sign-ins that everybody else uses too, each with its own outcome. */
export async function collectIdpLogins({ logins }: Needs<'logins'>): Promise<IdpLogins> {
  const { alice, bob, eve } = logins();
  const [one, two, three] = await Promise.all([alice, bob, eve].map((login) => attempt(login.then(factsOf))));
  const none: Attempt<LoginFacts> = { kind: 'unseen', said: 'no user signed in' };
  return { alice: one ?? none, bob: two ?? none, eve: three ?? none };
}

function factsOf({ idToken }: Tokens): LoginFacts {
  const read = decodeToken(idToken ?? '');
  const claims = read.kind === 'jwt' ? read.claims : {};
  return {
    subject: textClaim(claims, 'sub') ?? '',
    issuer: textClaim(claims, 'iss') ?? '',
    audience: listClaim(claims, 'aud'),
    hasNonce: textClaim(claims, 'nonce') !== undefined,
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
