import { createHash } from 'node:crypto';
import fc from 'fast-check';

const base64url = (length: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[A-Za-z0-9_-]{${length}}$`));

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** As an issuer makes them: any header, any claims, the signature of a P-256 key or longer. */
export const aJwt: fc.Arbitrary<string> = fc
  .tuple(
    fc.record({ alg: fc.constantFrom('ES256', 'RS256', 'none'), kid: fc.string() }),
    fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())),
    fc.integer({ min: 86, max: 342 }).chain(base64url),
  )
  .map(([header, claims, signature]) => `${part(header)}.${part(claims)}.${signature}`);

/** With white space in its header, which RFC 7515 allows. */
export const oddJwt: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('{ "alg":"ES256"}', ' {"alg" :"ES256"}', '{\n  "alg": "ES256"\n}'), base64url(86))
  .map(
    ([header, signature]) =>
      `${Buffer.from(header).toString('base64url')}.${part({ sub: 'x' })}.${signature}`,
  );

/**
 * Codes and refresh tokens of oidc-provider: 32 random bytes in base64url. They are made as digests, because the
 * characters of a string that fast-check generates are not equally likely: a quarter of them are dashes.
 */
export const opaque: fc.Arbitrary<string> = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .map((seed) => createHash('sha256').update(seed).digest('base64url'));

const percent = (text: string): string => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');

/** How a client may write a token into a URL: all of these are read as the same. */
export const anEncoding: fc.Arbitrary<(token: string) => string> = fc.constantFrom(
  (token) => token,
  (token) => token.replaceAll('.', '%2E'),
  (token) => token.replaceAll('.', '%252e'),
  (token) => percent(token),
  (token) => percent(token).toUpperCase(),
);
