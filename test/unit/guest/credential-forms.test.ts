import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { withoutCredentials } from '../../../src/guest/credential-forms.ts';
import { aJwt, anEncoding, opaque } from '../../support/tokens.ts';

describe('a line of a log without credentials', () => {
  it('holds no JWT, wherever it stood and however it was encoded', () => {
    fc.assert(
      fc.property(fc.string(), aJwt, anEncoding, fc.string(), (before, token, encode, after) => {
        const line = withoutCredentials(`${before}${encode(token)}${after}`);
        expect(line).not.toContain(encode(token.split('.')[2] ?? ''));
      }),
    );
  });

  it('holds no code and no refresh token', () => {
    fc.assert(
      fc.property(opaque, anEncoding, (token, encode) => {
        expect(withoutCredentials(`GET /x/${encode(token)}/y HTTP/1.1`)).toBe('GET /x/REDACTED/y HTTP/1.1');
      }),
    );
  });

  it.each([
    ['/callback?code=0123456789&state=x', '/callback?code=REDACTED&state=x'],
    ['/x?Access_Token=abc.d.efg', '/x?Access_Token=REDACTED'],
    ['/x?q=Bearer%20abcdefgh', '/x?q=Bearer%20REDACTED'],
    ['{"detail":"got authorization: bearer abcdefgh"}', '{"detail":"got authorization: bearer REDACTED"}'],
  ])('%s', (line, clean) => {
    expect(withoutCredentials(line)).toBe(clean);
  });

  it.each([
    '/anything/123e4567-e89b-12d3-a456-426614174000?country_code=de_de_de&code=403',
    '/eyes/key.pem.html?monkey=1',
    '/%d0%9f%d1%80%d0%b8%d0%b2%d0%b5%d1%82-%d0%bc%d0%b8%d1%80/%61%64%6d%69%6e',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    '{"event":"grant.error","client":"meshdev-cli","error":"invalid_grant","description":"grant request is invalid"}',
  ])('stays as it is without one: %s', (line) => {
    expect(withoutCredentials(line)).toBe(line);
  });
});
