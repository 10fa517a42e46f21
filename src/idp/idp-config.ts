import type { IdpConfig, PrivateJwk } from '../guest/idp/config.ts';
import type { Lab } from '../topology/lab.ts';
import { isExposed } from '../topology/service.ts';

export interface IdpSecrets {
  /** Private ES256 keys, the signing one first. */
  readonly jwks: { readonly keys: readonly PrivateJwk[] };
  readonly cookieKeys: readonly string[];
  /** By name of the sample user; each at least eight characters. */
  readonly passwords: Readonly<Record<string, string>>;
  readonly machineSecret: string;
}

/** Path of the loopback redirect; the port is the client's choice. */
export const CALLBACK_PATH = '/callback';

const API_SCOPES = ['api'] as const;

/** What the lab's identity provider is told. Holds secrets: write it 0600 and show it nowhere. */
export function idpConfig(lab: Lab, secrets: IdpSecrets): IdpConfig {
  return {
    issuer: lab.issuer,
    port: lab.idpPort,
    audiences: lab.services.filter(isExposed).map(({ audience }) => audience),
    apiScopes: API_SCOPES,
    users: lab.users.map(({ name, roles }) => ({ name, roles, password: secrets.passwords[name] ?? '' })),
    clients: [
      {
        kind: 'interactive',
        id: lab.clients.cli,
        name: 'meshdev',
        redirectUris: [`http://127.0.0.1${CALLBACK_PATH}`],
      },
      { kind: 'machine', id: lab.clients.machine, name: 'CI', secret: secrets.machineSecret, roles: [] },
    ],
    jwks: secrets.jwks,
    cookieKeys: secrets.cookieKeys,
    accessTokenTtlSeconds: 3600,
  };
}
