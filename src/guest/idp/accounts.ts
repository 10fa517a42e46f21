import { createHash, timingSafeEqual } from 'node:crypto';
import type { Account } from 'oidc-provider';
import type { IdpConfig, IdpUser } from './config.ts';

/** The user whose name and password these are. Costs the same time whatever is wrong. */
export function authenticate(config: IdpConfig, name: string, password: string): IdpUser | undefined {
  const user = config.users.find((candidate) => candidate.name === name);
  const matches = timingSafeEqual(digest(password), digest(user?.password ?? ''));
  return matches ? user : undefined;
}

/** What the provider puts into ID tokens and userinfo, cut to the granted scopes by the provider. */
export function findAccount(config: IdpConfig, name: string): Account | undefined {
  const user = config.users.find((candidate) => candidate.name === name);
  if (user === undefined) return undefined;
  return {
    accountId: user.name,
    claims: () => ({
      sub: user.name,
      name: user.name,
      preferred_username: user.name,
      roles: user.roles,
    }),
  };
}

/** Roles of whoever an access token is for: a user, or the machine client itself. */
export function rolesOf(
  config: IdpConfig,
  of: { readonly accountId?: string; readonly clientId?: string },
): readonly string[] {
  if (of.accountId !== undefined) return config.users.find(({ name }) => name === of.accountId)?.roles ?? [];
  const client = config.clients.find(({ id }) => id === of.clientId);
  return client?.kind === 'machine' ? client.roles : [];
}

/** Equal lengths, as `timingSafeEqual` demands. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
