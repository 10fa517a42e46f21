import { createHash } from 'node:crypto';

/** A JWT taken apart, without its signature: this may be shown, the token may not. */
interface DecodedToken {
  readonly kind: 'jwt';
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch; undefined where the claim is missing or no number. */
  readonly issuedAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly expiresAt: number | undefined;
  /** SHA-256 of the whole token, 16 hexadecimal digits: tells tokens apart without being one. */
  readonly digest: string;
}

export type TokenReading = DecodedToken | { readonly kind: 'malformed'; readonly why: string };

/** Reads header and claims of a compact JWS. Nothing is verified: that is the proxies' job. */
export function decodeToken(token: string): TokenReading {
  const parts = token.split('.');
  if (parts.length !== 3)
    return { kind: 'malformed', why: `it has ${parts.length} parts, a signed token has 3` };
  const [header, claims] = [readPart(parts[0]), readPart(parts[1])];
  if (header === undefined) return { kind: 'malformed', why: 'the header is not a JSON object in base64url' };
  if (claims === undefined)
    return { kind: 'malformed', why: 'the claims are not a JSON object in base64url' };
  const [issuedAt, notBefore, expiresAt] = ['iat', 'nbf', 'exp'].map((name) => timeOf(claims[name]));
  return { kind: 'jwt', header, claims, issuedAt, notBefore, expiresAt, digest: tokenDigest(token) };
}

function readPart(part = ''): Record<string, unknown> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function timeOf(claim: unknown): number | undefined {
  return typeof claim === 'number' && Number.isFinite(claim) ? claim * 1000 : undefined;
}

function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}

/** A string claim, or undefined. */
export function textClaim(claims: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' ? value : undefined;
}

/** A claim that may be one string or a list of them (`aud`, `roles`). */
export function listClaim(claims: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = claims[name];
  return [value].flat().filter((item) => typeof item === 'string');
}

const THUMBPRINT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

/**
 * RFC 7638 thumbprint (SHA-256, base64url) of the public part of a key: what two parties compare to
 * know that they mean the same key. Undefined for key types without one here (`oct`).
 */
export function jwkThumbprint(jwk: Readonly<Record<string, unknown>>): string | undefined {
  const members = typeof jwk['kty'] === 'string' ? THUMBPRINT_MEMBERS[jwk['kty']] : undefined;
  if (members === undefined || members.some((name) => typeof jwk[name] !== 'string')) return undefined;
  const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])));
  return createHash('sha256').update(canonical).digest('base64url');
}
