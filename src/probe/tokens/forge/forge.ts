import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { publicJwk, type SigningJwk } from '../../../keys/idp-secrets.ts';

export type Members = Readonly<Record<string, unknown>>;

/** What a forger starts from: the claims of a good token of the admin's and the key of the real issuer. */
export interface ForgeryBase {
  readonly claims: Members;
  readonly key: SigningJwk;
  readonly at: Date;
  /** The other tokens of the same login. */
  readonly idToken: string;
  readonly refreshToken: string;
  /** Where a key set would be fetched from, if anybody obeyed the token. */
  readonly canary: string;
  /** A certificate that the mesh trusts, and its key: PEM. */
  readonly certificate: { readonly certificatePem: string; readonly keyPem: string };
}

/** Claims and headers replace those of the good token; `undefined` takes one away. */
export interface Change {
  readonly header?: Members;
  readonly claims?: Members;
}

export class Forge {
  /** Seconds since the epoch. */
  readonly now: number;
  readonly base: ForgeryBase;
  readonly key: SigningJwk;
  readonly issuer: string;
  readonly audience: string;
  readonly #claims: Members;

  constructor(base: ForgeryBase) {
    this.base = base;
    this.now = Math.floor(base.at.getTime() / 1000);
    this.key = base.key;
    this.issuer = String(base.claims['iss']);
    this.audience = String([base.claims['aud']].flat()[0]);
    this.#claims = { ...base.claims, iat: this.now, nbf: undefined, exp: this.now + 300 };
  }

  /** Signed by the real issuer's key unless another one is given, with the header that goes with it. */
  async signed(change: Change, key: SigningJwk | KeyObject | Uint8Array = this.key): Promise<string> {
    return this.signedText(JSON.stringify(this.claims(change)), change.header, key);
  }

  /** The payload as it is, whatever it says. */
  async signedText(
    payload: string,
    header: Members = {},
    key: SigningJwk | KeyObject | Uint8Array = this.key,
  ): Promise<string> {
    const { CompactSign } = await import('jose');
    const extensions = Array.isArray(header['crit']) ? header['crit'].map(String) : [];
    return new CompactSign(Buffer.from(payload))
      .setProtectedHeader({ alg: 'ES256', ...this.header({ header }) })
      .sign(key, { crit: Object.fromEntries(extensions.map((name) => [name, true])) });
  }

  async hmac(secret: Uint8Array, alg = 'HS256'): Promise<string> {
    return this.signed({ header: { alg } }, secret);
  }

  /** Put together by hand: libraries rightly refuse to make these. */
  assembled(change: Change, signature = ''): string {
    return [partOf(this.header(change)), partOf(this.claims(change)), signature].join('.');
  }

  /** Parts as they are, signed by hand: a library writes them its own way. */
  handSigned(
    header: string,
    payload: string,
    { key = this.key, digest = 'sha256' }: { readonly key?: SigningJwk; readonly digest?: string } = {},
  ): string {
    const signature = sign(digest, Buffer.from(`${header}.${payload}`), {
      key: createPrivateKey({ key: { ...key }, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363',
    });
    return `${header}.${payload}.${signature.toString('base64url')}`;
  }

  claims({ claims = {} }: Change): Members {
    return { ...this.#claims, ...claims };
  }

  header({ header = {} }: Change): Members {
    return { alg: 'ES256', typ: 'at+jwt', kid: this.key.kid, ...header };
  }

  publicKey(): KeyObject {
    return createPublicKey({ key: publicJwk(this.key), format: 'jwk' });
  }
}

export type Recipe = (forge: Forge) => string | Promise<string>;

export function partOf(members: Members): string {
  return Buffer.from(JSON.stringify(members)).toString('base64url');
}

export function partsOf(token: string): readonly [string, string, string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}

export function withPayload(token: string, payload: string): string {
  const [header, , signature] = partsOf(token);
  return `${header}.${payload}.${signature}`;
}

/** A good token with its signature bytes changed. */
export async function resigned(forge: Forge, change: (signature: Buffer) => Buffer): Promise<string> {
  const [header, payload, signature] = partsOf(await forge.signed({}));
  return `${header}.${payload}.${change(Buffer.from(signature, 'base64url')).toString('base64url')}`;
}

/** The good signature under other contents. */
export async function recycled(forge: Forge, change: Change, signedChange: Change = {}): Promise<string> {
  const [, , signature] = partsOf(await forge.signed(signedChange));
  return forge.assembled(change, signature);
}
