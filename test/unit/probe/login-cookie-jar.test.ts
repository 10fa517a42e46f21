import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../../src/idp/client/cookie-jar.ts';

describe('CookieJar', () => {
  it('sends cookies to their paths only, longer paths first', () => {
    const jar = new CookieJar();
    jar.keep(['s=1; path=/; httponly', '_i=2; path=/interaction/abc; secure']);
    expect(jar.header('/interaction/abc')).toBe('_i=2; s=1');
    expect(jar.header('/interaction/abc/x')).toBe('_i=2; s=1');
    expect(jar.header('/interaction/abcd')).toBe('s=1');
    expect(jar.header('/')).toBe('s=1');
  });

  it('keeps the newest value of a name and path, and values with equals signs', () => {
    const jar = new CookieJar();
    jar.keep(['a=1; path=/']);
    jar.keep(['a=b=c; Path=/']);
    expect(jar.header('/')).toBe('a=b=c');
  });

  it('drops what the server deletes', () => {
    const jar = new CookieJar();
    jar.keep(['a=1; path=/', 'b=1; path=/x', 'c=1; path=/']);
    jar.keep(['a=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT', 'b=; path=/x; Max-Age=0']);
    expect(jar.header('/x')).toBe('c=1');
  });
});
