import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainTarget } from '../../../src/edge/plain-paths.ts';

describe('isPlainTarget', () => {
  it.each([
    '/',
    '/headers',
    '/anything/read/',
    '/anything/read?x=%252e&y=/../',
    '/a%20b/caf%C3%A9/%e2%82%ac/%F0%9F%98%80',
    '/~user/a.b/..c/...',
    "/@scope/name!$&'()*+,=:x",
    '/%7Euser/%41',
  ])('lets %s pass', (target) => {
    expect(isPlainTarget(target)).toBe(true);
  });

  it.each([
    ['encoded twice', '/anything/read/%252e%252e/admin'],
    ['a slash encoded twice', '/anything/read/..%252fadmin'],
    ['an encoded dot', '/anything/read/%2e%2E/admin'],
    ['an encoded slash', '/anything%2fadmin'],
    ['an encoded backslash', '/anything%5cadmin'],
    ['a backslash', '/anything\\admin'],
    ['overlong dots', '/anything/read/%c0%ae%c0%ae/admin'],
    ['an overlong slash of three bytes', '/anything/read/..%e0%80%afadmin'],
    ['raw bytes', '/anything/read/\xc0\xae/admin'],
    ['half a pair', '/%ed%a0%80'],
    ['beyond Unicode', '/%f4%90%80%80'],
    ['a lone continuation', '/%80'],
    ['a cut character', '/%c3/x'],
    ['a full-width dot', '/anything/read/%ef%bc%8e%ef%bc%8e/admin'],
    ['a full-width slash', '/anything/read/..%EF%BC%8Fadmin'],
    ['dots', '/anything/read/../admin'],
    ['one dot', '/anything/./admin'],
    ['dots at the end', '/anything/read/..'],
    ['dots before a query', '/anything/read/..?x'],
    ['an empty segment', '/anything//admin'],
    ['an empty first segment', '//anything'],
    ['a parameter', '/anything/admin;x=1'],
    ['an encoded parameter', '/anything/%3bx'],
    ['an encoded NUL', '/anything/admin%00'],
    ['an encoded line end', '/anything/admin%0d%0aX-A:b'],
    ['a fragment', '/anything/admin#x'],
    ['half an escape', '/anything/%2'],
    ['no path', '*'],
    ['a whole URL', 'https://httpbin.mesh.localhost/headers'],
    ['nothing', ''],
  ])('refuses %s', (_what, target) => {
    expect(isPlainTarget(target)).toBe(false);
  });

  it('lets every character pass that needs its encoding, whatever encodes it', () => {
    const harmless = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => !/[\p{Cc}%./\\;\u{ff0e}\u{ff0f}\u{ff3c}]/u.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(harmless, (text) => {
        expect(isPlainTarget(`/${encodeURIComponent(text)}`)).toBe(true);
      }),
    );
  });
});
