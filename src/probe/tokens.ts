import type { TokenFacts } from '../checks/evidence.ts';
import type { LabKeys } from '../keys/lab-keys.ts';
import type { Lab } from '../topology/lab.ts';
import { decodeToken, listClaim, textClaim } from '../trust/token.ts';
import type { EdgeAccess } from './edge-request.ts';
import { clientCredentials, login, type Tokens } from './login.ts';

export type Holder = 'alice' | 'bob' | 'eve' | 'machine';
export type TokenSet = Readonly<Record<Holder, Tokens>>;

/** Signs every sample user in, and the machine client, all at once. @throws as `login` */
export async function fetchTokens(lab: Lab, keys: LabKeys, signal: AbortSignal): Promise<TokenSet> {
  const access: EdgeAccess = { lab, edgeRootPem: keys.edge.rootPem, signal };
  const as = (user: string): Promise<Tokens> =>
    login(access, { user, password: keys.idp.passwords[user] ?? '' });
  const [alice, bob, eve, machine] = await Promise.all([
    as('alice'),
    as('bob'),
    as('eve'),
    clientCredentials(access, keys.idp.clientSecrets[lab.clients.machine] ?? ''),
  ]);
  return { alice, bob, eve, machine };
}

/** What a token says, without the token. */
export function factsOf(token: string): TokenFacts {
  const read = decodeToken(token);
  if (read.kind === 'malformed')
    return {
      subject: '',
      audience: [],
      issuer: '',
      roles: [],
      expiresAt: 0,
      algorithm: '',
      keyId: undefined,
    };
  const { header, claims, expiresAt } = read;
  return {
    subject: textClaim(claims, 'sub') ?? '',
    audience: listClaim(claims, 'aud'),
    issuer: textClaim(claims, 'iss') ?? '',
    roles: listClaim(claims, 'roles'),
    expiresAt: expiresAt ?? 0,
    algorithm: textClaim(header, 'alg') ?? '',
    keyId: textClaim(header, 'kid'),
  };
}
