import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createSigningKey, publicJwk, type SigningJwk } from '../keys/idp-secrets.ts';
import type { TokenCaseId } from './token-cases.ts';

type Members = Readonly<Record<string, unknown>>;

/** What a forger starts from: the claims of a good token of alice's and the key of the real issuer. */
export interface ForgeryBase {
  readonly claims: Members;
  readonly key: SigningJwk;
  readonly at: Date;
}

/** Claims and headers replace those of the good token; `undefined` takes one away. */
interface Change {
  readonly header?: Members;
  readonly claims?: Members;
}

/** The compact token of one case. Exactly one thing is wrong with it. */
export async function forgeToken(id: TokenCaseId, base: ForgeryBase): Promise<string> {
  return RECIPES[id](new Forge(base));
}

class Forge {
  /** Seconds since the epoch. */
  readonly now: number;
  readonly key: SigningJwk;
  readonly issuer: string;
  readonly audience: string;
  readonly #claims: Members;

  constructor({ claims, key, at }: ForgeryBase) {
    this.now = Math.floor(at.getTime() / 1000);
    this.key = key;
    this.issuer = String(claims['iss']);
    this.audience = String([claims['aud']].flat()[0]);
    this.#claims = { ...claims, iat: this.now, nbf: undefined, exp: this.now + 300 };
  }

  /** Signed by the real issuer's key unless another one is given, with the header that goes with it. */
  async signed(change: Change, key: SigningJwk | KeyObject | Uint8Array = this.key): Promise<string> {
    const { CompactSign } = await import('jose');
    const payload = Buffer.from(JSON.stringify(this.claims(change)));
    return new CompactSign(payload).setProtectedHeader({ alg: 'ES256', ...this.header(change) }).sign(key);
  }

  async hmac(secret: Uint8Array): Promise<string> {
    return this.signed({ header: { alg: 'HS256' } }, secret);
  }

  /** Put together by hand: libraries rightly refuse to make these. */
  assembled(change: Change, signature = ''): string {
    return [partOf(this.header(change)), partOf(this.claims(change)), signature].join('.');
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

function partOf(members: Members): string {
  return Buffer.from(JSON.stringify(members)).toString('base64url');
}

function partsOf(token: string): readonly [string, string, string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}

/** A good token with its signature bytes changed. */
async function resigned(forge: Forge, change: (signature: Buffer) => Buffer): Promise<string> {
  const [header, payload, signature] = partsOf(await forge.signed({}));
  return `${header}.${payload}.${change(Buffer.from(signature, 'base64url')).toString('base64url')}`;
}

function flipBit(signature: Buffer): Buffer {
  const flipped = Buffer.from(signature);
  flipped.writeUInt8(flipped.readUInt8(40) ^ 0x10, 40);
  return flipped;
}

/** The good signature under other contents. */
async function recycled(forge: Forge, change: Change, signedChange: Change = {}): Promise<string> {
  const [, , signature] = partsOf(await forge.signed(signedChange));
  return forge.assembled(change, signature);
}

const FORGER_URL = 'https://forger.invalid/keys.json';

const RECIPES: Readonly<Record<TokenCaseId, (forge: Forge) => string | Promise<string>>> = {
  'alg-none': (forge) => forge.assembled({ header: { alg: 'none' } }),
  'alg-none-mixed-case': (forge) => forge.assembled({ header: { alg: 'nOnE' } }),
  'alg-none-upper-case': (forge) => forge.assembled({ header: { alg: 'NONE' } }),
  'alg-none-with-signature': (forge) => recycled(forge, { header: { alg: 'none' } }),
  'alg-empty': (forge) => recycled(forge, { header: { alg: '' } }),
  'alg-missing': (forge) => recycled(forge, { header: { alg: undefined } }),

  'hs256-with-public-key': (forge) =>
    forge.hmac(Buffer.from(forge.publicKey().export({ type: 'spki', format: 'pem' }))),
  'hs256-with-public-der': (forge) => forge.hmac(forge.publicKey().export({ type: 'spki', format: 'der' })),
  'hs256-with-public-jwk': (forge) => forge.hmac(Buffer.from(JSON.stringify(publicJwk(forge.key)))),
  'hs256-empty-secret': (forge) => forge.hmac(Uint8Array.of(0)),
  'rs256-own-kid': (forge) =>
    forge.signed(
      { header: { alg: 'RS256' } },
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    ),
  'es384-own-kid': (forge) =>
    forge.signed({ header: { alg: 'ES384' } }, generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),

  'embedded-jwk': (forge) => {
    const own = createSigningKey();
    return forge.signed({ header: { jwk: publicJwk(own) } }, own);
  },
  jku: (forge) => forge.signed({ header: { jku: FORGER_URL } }, createSigningKey()),
  x5u: (forge) => forge.signed({ header: { x5u: FORGER_URL } }, createSigningKey()),

  'no-signature': (forge) => forge.assembled({}),
  'zero-signature': (forge) => resigned(forge, (signature) => Buffer.alloc(signature.length)),
  'truncated-signature': (forge) => resigned(forge, (signature) => signature.subarray(0, -8)),
  'flipped-signature': (forge) => resigned(forge, flipBit),
  'tampered-payload': (forge) => recycled(forge, { claims: { roles: ['admin', 'forged'] } }),
  'tampered-header': (forge) => recycled(forge, { header: { typ: 'JWT' } }),
  'borrowed-signature': (forge) => recycled(forge, {}, { claims: { jti: 'another token' } }),

  'foreign-key': (forge) => forge.signed({}, createSigningKey()),
  'unknown-kid': (forge) => {
    const own = createSigningKey();
    return forge.signed({ header: { kid: own.kid } }, own);
  },
  'foreign-key-without-kid': (forge) => forge.signed({ header: { kid: undefined } }, createSigningKey()),
  'kid-empty': (forge) => forge.signed({ header: { kid: '' } }, createSigningKey()),
  'kid-path': (forge) => forge.signed({ header: { kid: '../../dev/null' } }, createSigningKey()),
  'kid-number': (forge) => forge.signed({ header: { kid: 1 } }, createSigningKey()),

  'wrong-issuer': (forge) => forge.signed({ claims: { iss: 'https://issuer.invalid' } }),
  'issuer-trailing-slash': (forge) => forge.signed({ claims: { iss: `${forge.issuer}/` } }),
  'issuer-http': (forge) => forge.signed({ claims: { iss: forge.issuer.replace('https:', 'http:') } }),
  'issuer-prefix': (forge) => forge.signed({ claims: { iss: `${forge.issuer}.invalid` } }),
  'issuer-upper-case': (forge) => forge.signed({ claims: { iss: forge.issuer.toUpperCase() } }),
  'issuer-missing': (forge) => forge.signed({ claims: { iss: undefined } }),

  'wrong-audience': (forge) => forge.signed({ claims: { aud: 'https://other.invalid' } }),
  'audience-substring': (forge) => forge.signed({ claims: { aud: `${forge.audience}/x` } }),
  'audience-list-without-ours': (forge) =>
    forge.signed({ claims: { aud: ['https://a.invalid', 'https://b.invalid'] } }),
  'audience-empty-list': (forge) => forge.signed({ claims: { aud: [] } }),
  'audience-missing': (forge) => forge.signed({ claims: { aud: undefined } }),

  expired: (forge) => forge.signed({ claims: { iat: forge.now - 7200, exp: forge.now - 3600 } }),
  'expired-beyond-skew': (forge) => forge.signed({ claims: { iat: forge.now - 600, exp: forge.now - 120 } }),
  'not-yet-valid': (forge) => forge.signed({ claims: { nbf: forge.now + 3600, exp: forge.now + 7200 } }),
  'expiry-as-text': (forge) => forge.signed({ claims: { exp: String(forge.now + 300) } }),

  'two-parts': async (forge) =>
    partsOf(await forge.signed({}))
      .slice(0, 2)
      .join('.'),
  'four-parts': async (forge) => `${await forge.signed({})}.AAAA`,
  'not-base64': async (forge) => spliced(await forge.signed({}), '!not+base64url!'),
  'not-json': async (forge) => spliced(await forge.signed({}), Buffer.from('{"sub":').toString('base64url')),

  'valid-but-eve': (forge) => forge.signed({ claims: { sub: 'eve', roles: [] } }),

  'within-skew': (forge) => forge.signed({ claims: { iat: forge.now - 300, exp: forge.now - 20 } }),
  'without-kid': (forge) => forge.signed({ header: { kid: undefined } }),
  'audience-list-with-ours': (forge) =>
    forge.signed({ claims: { aud: ['https://other.invalid', forge.audience] } }),
};

function spliced(token: string, payload: string): string {
  const [header, , signature] = partsOf(token);
  return `${header}.${payload}.${signature}`;
}
