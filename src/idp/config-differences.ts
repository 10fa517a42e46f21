import type { IdpClient, IdpConfig, IdpUser } from '../guest/idp/config.ts';

/**
 * What an IdP is told beside its plan: whom it signs in, for whom it issues tokens, and how long these are valid. Values
 * of secrets are compared and not shown. Pure.
 */
export function configDifferences(running: IdpConfig, planned: IdpConfig): readonly string[] {
  return [
    ...byName(running.clients, planned.clients, ({ id }) => id, 'client', clientText),
    ...byName(running.users, planned.users, ({ name }) => name, 'user', userText),
    ...lists('audience', running.audiences, planned.audiences),
    ...lists('scope', running.apiScopes, planned.apiScopes),
    ...lists('key', running.jwks.keys.map(keyText), planned.jwks.keys.map(keyText)),
    ...lists('cookie key', running.cookieKeys, planned.cookieKeys).map(withoutValue),
    ...(running.accessTokenTtlSeconds === planned.accessTokenTtlSeconds
      ? []
      : [
          `its access tokens are valid for ${running.accessTokenTtlSeconds} s, planned are ${planned.accessTokenTtlSeconds} s`,
        ]),
    ...(running.issuer === planned.issuer ? [] : [`its issuer is ${running.issuer}`]),
    ...(running.port === planned.port ? [] : [`it listens on port ${running.port}`]),
  ];
}

function byName<T extends IdpClient | IdpUser>(
  running: readonly T[],
  planned: readonly T[],
  name: (one: T) => string,
  kind: string,
  text: (one: T) => string,
): readonly string[] {
  const wanted = new Map(planned.map((one) => [name(one), one]));
  const seen = new Set(running.map(name));
  return [
    ...running.flatMap((one) => {
      const plan = wanted.get(name(one));
      if (plan === undefined) return [`it also knows the ${kind} ${text(one)}`];
      const fields = changedFields(one, plan);
      return fields.length === 0 ? [] : [`the ${kind} ${text(one)} has another ${fields.join(', ')}`];
    }),
    ...planned
      .filter((one) => !seen.has(name(one)))
      .map((one) => `it does not know the ${kind} ${text(one)}`),
  ];
}

function changedFields(one: object, other: object): readonly string[] {
  const own = new Map(Object.entries(one));
  const wanted = new Map(Object.entries(other));
  return [...new Set([...own.keys(), ...wanted.keys()])].filter(
    (field) => JSON.stringify(own.get(field)) !== JSON.stringify(wanted.get(field)),
  );
}

function clientText(client: IdpClient): string {
  return client.kind === 'machine'
    ? `${client.id}, which needs no user and has ${rolesText(client.roles)}`
    : `${client.id}, which redirects to ${client.redirectUris.join(', ')}`;
}

function userText({ name, roles }: IdpUser): string {
  return `${name} with ${rolesText(roles)}`;
}

function rolesText(roles: readonly string[]): string {
  return roles.length === 0 ? 'no role' : `the role ${roles.join(', ')}`;
}

function keyText({ x, y }: IdpConfig['jwks']['keys'][number]): string {
  return `${x}.${y}`;
}

function lists(kind: string, running: readonly string[], planned: readonly string[]): readonly string[] {
  return [
    ...running.filter((one) => !planned.includes(one)).map((one) => `it also has the ${kind} ${one}`),
    ...planned
      .filter((one) => !running.includes(one))
      .map((one) => `it does not have the planned ${kind} ${one}`),
  ];
}

/** `it also has the cookie key` of a text that ends with the key itself. */
function withoutValue(text: string): string {
  return text.slice(0, text.lastIndexOf(' '));
}
