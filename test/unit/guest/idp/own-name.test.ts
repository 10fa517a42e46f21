import { describe, expect, it } from 'vitest';
import { isForIssuer } from '../../../../src/guest/idp/own-name.ts';

const ISSUER = 'https://auth.mesh.localhost:8443';

describe('the name that a request came for', () => {
  it.each([
    [ISSUER, { host: 'auth.mesh.localhost:8443' }, true],
    [ISSUER, { host: 'AUTH.mesh.localhost:8443' }, true],
    [ISSUER, { host: 'auth.mesh.localhost' }, false],
    [ISSUER, { host: 'auth.mesh.localhost:443' }, false],
    ['https://auth.mesh.localhost', { host: 'auth.mesh.localhost' }, true],
    ['https://auth.mesh.localhost', { host: 'auth.mesh.localhost:443' }, true],
    ['https://auth.mesh.localhost', { host: 'auth.mesh.localhost:80' }, false],
    [ISSUER, { host: 'meshdev-demo-idp:3000', 'x-forwarded-host': 'auth.mesh.localhost:8443' }, true],
    [ISSUER, { host: 'auth.mesh.localhost:8443', 'x-forwarded-host': 'evil.invalid' }, false],
    [ISSUER, { host: 'auth.mesh.localhost:8443', 'x-forwarded-host': 'auth.mesh.localhost:8443, x' }, false],
    [ISSUER, { host: 'ÿþ' }, false],
    [ISSUER, {}, false],
  ])('at %s, of %j: %s', (issuer, headers, own) => {
    expect(isForIssuer(issuer, { headers })).toBe(own);
  });
});
