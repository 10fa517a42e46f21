import { describe, expect, it } from 'vitest';
import { authenticate, rolesOf } from '../../../../src/guest/idp/accounts.ts';
import type { IdpConfig } from '../../../../src/guest/idp/config.ts';

const config: IdpConfig = {
  issuer: 'https://auth.test',
  port: 1,
  audiences: ['https://api.test'],
  apiScopes: ['api'],
  users: [{ name: 'alice', roles: ['admin'], password: 'right-password' }],
  clients: [
    { kind: 'machine', id: 'ci', name: 'CI', secret: 'machine-secret', roles: ['robot'] },
    { kind: 'interactive', id: 'cli', name: 'CLI', redirectUris: [] },
  ],
  jwks: { keys: [] },
  cookieKeys: [],
  accessTokenTtlSeconds: 1,
};

describe('accounts', () => {
  it('knows a user by name and password, and nobody else', () => {
    expect(authenticate(config, 'alice', 'right-password')?.name).toBe('alice');
    expect(authenticate(config, 'alice', 'right-password ')).toBeUndefined();
    expect(authenticate(config, 'alice', '')).toBeUndefined();
    expect(authenticate(config, 'mallory', '')).toBeUndefined();
    expect(authenticate(config, '', '')).toBeUndefined();
  });

  it('takes roles from the user where there is one, else from the machine client', () => {
    expect(rolesOf(config, { accountId: 'alice', clientId: 'ci' })).toEqual(['admin']);
    expect(rolesOf(config, { accountId: 'gone', clientId: 'ci' })).toEqual([]);
    expect(rolesOf(config, { clientId: 'ci' })).toEqual(['robot']);
    expect(rolesOf(config, { clientId: 'cli' })).toEqual([]);
  });
});
