import { ADMIN, ROLELESS, VIEWER } from '../../sample/names.ts';
import type { TokenFacts } from '../../evidence/tokens.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import type { Lab } from '../../topology/lab.ts';
import { decodeToken, listClaim, textClaim } from '../../trust/token.ts';
import type { EdgeAccess } from '../../edge/edge-request.ts';
import { clientCredentials, login, type Tokens } from '../../idp/client/login.ts';
import { awaitedRecordOf } from '../../record-of.ts';

export const HOLDERS = [ADMIN, VIEWER, ROLELESS, 'machine'] as const;
export type Holder = (typeof HOLDERS)[number];
export type TokenSet = Readonly<Record<Holder, Tokens>>;

/** Everybody's sign-in, begun once; each may fail by itself. */
export interface Logins extends Readonly<Record<Holder, Promise<Tokens>>> {
  /** Of every user of the lab, by name. */
  readonly users: ReadonlyMap<string, Promise<Tokens>>;
}

/** Signs every user of the lab in, and the machine client, all at once. Each rejects as `login` throws. */
export function beginLogins(lab: Lab, keys: LabKeys, signal: AbortSignal): Logins {
  const access: EdgeAccess = { lab, edgeRootPem: keys.edge.rootPem, signal };
  const as = (user: string, scope?: string): Promise<Tokens> =>
    login(access, { user, password: keys.idp.passwords[user] ?? '', secrets: keys.idp }, { scope });
  // With a refresh token: forgeries are made of it too.
  const admin = as(ADMIN, 'openid profile roles api offline_access');
  const others = lab.users.filter(({ name }) => name !== ADMIN).map(({ name }) => [name, as(name)] as const);
  const users = new Map([[ADMIN, admin], ...others]);
  const of = (name: string): Promise<Tokens> => users.get(name) ?? as(name);
  const machine = clientCredentials(access, keys.idp.clientSecrets[lab.clients.machine] ?? '');
  // Whoever asks for one gets its error; one that nobody asks for must not end the process.
  for (const begun of [...users.values(), machine]) begun.catch(() => undefined);
  return { [ADMIN]: admin, [VIEWER]: of(VIEWER), [ROLELESS]: of(ROLELESS), machine, users };
}

/** @throws as `login`, for the first that failed */
export function everyToken(logins: Logins): Promise<TokenSet> {
  return awaitedRecordOf(HOLDERS, (holder) => logins[holder]);
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
