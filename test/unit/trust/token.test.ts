import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeToken, jwkThumbprint, listClaim, textClaim } from '../../../src/trust/token.ts';

const CLAIMS = {
  iss: 'https://auth.test',
  sub: 'alice',
  aud: ['a', 'b'],
  roles: ['admin'],
  iat: 1000,
  exp: 1300,
};

async function signedToken(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256');
  return new SignJWT(CLAIMS).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
}

describe('decodeToken', () => {
  it('gives header, claims and times, and nothing of the signature', async () => {
    const token = await signedToken();
    const read = decodeToken(token);
    expect(read).toMatchObject({ kind: 'jwt', header: { alg: 'ES256', kid: 'k1' }, claims: CLAIMS });
    expect(read).toMatchObject({ issuedAt: 1_000_000, notBefore: undefined, expiresAt: 1_300_000 });
    expect(JSON.stringify(read)).not.toContain(token.split('.')[2]);
  });

  it.each([
    '',
    'a.b',
    'a.b.c.d',
    '!.!.!',
    'e30.e30',
    '.e30.',
    'bnVsbA.e30.x',
    'W10.e30.x',
    'e30.W10.x',
    'e30.eyJ.x',
  ])('calls %j malformed', (token) => {
    expect(decodeToken(token).kind).toBe('malformed');
  });

  it('never throws', () => {
    const property = fc.property(fc.string(), (text) =>
      ['jwt', 'malformed'].includes(decodeToken(text).kind),
    );
    expect(() => fc.assert(property)).not.toThrow();
  });

  it('reads times only from numbers', () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(decodeToken(`${part({})}.${part({ exp: '1300', nbf: 5 })}.x`)).toMatchObject({
      expiresAt: undefined,
      notBefore: 5000,
    });
  });
});

describe('claims', () => {
  it('are texts or lists', () => {
    expect(textClaim(CLAIMS, 'sub')).toBe('alice');
    expect(textClaim(CLAIMS, 'roles')).toBeUndefined();
    expect(listClaim(CLAIMS, 'aud')).toEqual(['a', 'b']);
    expect(listClaim(CLAIMS, 'sub')).toEqual(['alice']);
    expect(listClaim(CLAIMS, 'nothing')).toEqual([]);
    expect(listClaim({ roles: ['a', 1, null] }, 'roles')).toEqual(['a']);
  });
});

describe('jwkThumbprint', () => {
  it.each(['ES256', 'RS256', 'EdDSA'])(
    'is that of RFC 7638 for %s, as jose computes it',
    async (algorithm) => {
      const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
      const [open, secret] = [await exportJWK(publicKey), await exportJWK(privateKey)];
      expect(jwkThumbprint({ ...open })).toBe(await calculateJwkThumbprint(open));
      expect(jwkThumbprint({ ...secret })).toBe(await calculateJwkThumbprint(open));
    },
  );

  it('has none for symmetric or broken keys', () => {
    expect(jwkThumbprint({ kty: 'oct', k: 'x' })).toBeUndefined();
    expect(jwkThumbprint({ kty: 'EC', crv: 'P-256', x: 'x' })).toBeUndefined();
  });
});
