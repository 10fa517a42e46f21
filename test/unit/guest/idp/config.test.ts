import { describe, expect, it } from 'vitest';
import { parseIdpConfig, type PrivateJwk } from '../../../../src/guest/idp/config.ts';
import { idpConfig } from '../../../../src/idp/idp-config.ts';
import { createLab, DEFAULT_CHOICE } from '../../../../src/topology/lab.ts';

const key: PrivateJwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'private-part' };

const config = idpConfig(createLab({ ...DEFAULT_CHOICE, httpsPort: 8443 }), {
  jwks: { keys: [key] },
  cookieKeys: ['cookie-key'],
  passwords: { alice: 'password-a', bob: 'password-b', eve: 'password-e' },
  machineSecret: 'machine-secret',
});

describe('configuration of the identity provider', () => {
  it('follows the lab: issuer and audience with the port, users with roles and passwords', () => {
    expect(config).toMatchObject({
      issuer: 'https://auth.mesh.localhost:8443',
      audiences: ['https://httpbin.mesh.localhost:8443'],
      port: 9400,
      users: [
        { name: 'alice', roles: ['admin'], password: 'password-a' },
        { name: 'bob', roles: ['viewer'], password: 'password-b' },
        { name: 'eve', roles: [], password: 'password-e' },
      ],
      clients: [
        { kind: 'interactive', id: 'meshdev-cli' },
        { kind: 'machine', id: 'meshdev-ci', secret: 'machine-secret', roles: [] },
      ],
    });
  });

  it('survives the way through the file', () => {
    expect(parseIdpConfig(JSON.stringify(config))).toEqual(config);
  });

  it.each([
    ['no keys: a well-known pair would be used', { jwks: { keys: [] } }, 'jwks'],
    ['a public key', { jwks: { keys: [{ ...key, d: undefined }] } }, 'jwks'],
    ['no cookie keys', { cookieKeys: [] }, 'cookieKeys'],
    ['an issuer with a slash at its end', { issuer: 'https://auth.test/' }, 'issuer'],
    ['an empty password', { users: [{ name: 'a', roles: [], password: '' }] }, 'users'],
    [
      'a machine client without a secret',
      { clients: [{ kind: 'machine', id: 'a', name: 'a', roles: [] }] },
      'clients',
    ],
  ])('refuses %s, without repeating values', (_what, change, field) => {
    const text = JSON.stringify({ ...config, ...change });
    expect(() => parseIdpConfig(text)).toThrow(`the configuration is not usable: ${field}`);
  });

  it('does not quote a file that is no JSON', () => {
    expect(() => parseIdpConfig('{"password": "hunter22"')).toThrow(/^the configuration is not JSON$/);
  });
});
