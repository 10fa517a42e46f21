import {
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { createSigningKey, publicJwk, type SigningJwk } from '../../../keys/idp-secrets.ts';
import type { CONFUSED, SELF_BROUGHT, TAMPERED, UNSIGNED } from '../../../cases/tokens/signatures.ts';
import { type Forge, partOf, partsOf, type Recipe, recycled, resigned } from './forge.ts';

type Recipes<Cases extends readonly { readonly id: string }[]> = Readonly<
  Record<Cases[number]['id'], Recipe>
>;

export const UNSIGNED_RECIPES: Recipes<typeof UNSIGNED> = {
  'alg-none': (forge) => forge.assembled({ header: { alg: 'none' } }),
  'alg-none-mixed-case': (forge) => forge.assembled({ header: { alg: 'nOnE' } }),
  'alg-none-upper-case': (forge) => forge.assembled({ header: { alg: 'NONE' } }),
  'alg-none-with-signature': (forge) => recycled(forge, { header: { alg: 'none' } }),
  'alg-none-some-signature': (forge) => forge.assembled({ header: { alg: 'none' } }, 'AAA'),
  'alg-none-padded': (forge) => recycled(forge, { header: { alg: 'none ' } }),
  'alg-empty': (forge) => recycled(forge, { header: { alg: '' } }),
  'alg-missing': (forge) => recycled(forge, { header: { alg: undefined } }),
};

const pemOf = (forge: Forge) => Buffer.from(forge.publicKey().export({ type: 'spki', format: 'pem' }));

let rsa: KeyObject | undefined;
/** A stranger's: one is enough, and none is made quickly. */
const rsaKey = () => (rsa ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

export const CONFUSED_RECIPES: Recipes<typeof CONFUSED> = {
  'hs256-with-public-key': (forge) => forge.hmac(pemOf(forge)),
  'hs256-with-public-der': (forge) => forge.hmac(forge.publicKey().export({ type: 'spki', format: 'der' })),
  'hs256-with-public-jwk': (forge) => forge.hmac(Buffer.from(JSON.stringify(publicJwk(forge.key)))),
  'hs512-with-public-key': (forge) => forge.hmac(pemOf(forge), 'HS512'),
  'hs256-empty-secret': (forge) => forge.hmac(Uint8Array.of(0)),
  'rs256-own-kid': (forge) => forge.signed({ header: { alg: 'RS256' } }, rsaKey()),
  'ps256-own-kid': (forge) => forge.signed({ header: { alg: 'PS256' } }, rsaKey()),
  'es384-own-kid': (forge) =>
    forge.signed({ header: { alg: 'ES384' } }, generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
  'eddsa-own-kid': (forge) =>
    forge.signed({ header: { alg: 'EdDSA' } }, generateKeyPairSync('ed25519').privateKey),
};

/** Signed by a key of the forger's, which `header` brings along. */
function brought(
  forge: Forge,
  header: (own: SigningJwk) => Readonly<Record<string, unknown>>,
): Promise<string> {
  const own = createSigningKey();
  return forge.signed({ header: header(own) }, own);
}

export const SELF_BROUGHT_RECIPES: Recipes<typeof SELF_BROUGHT> = {
  'embedded-jwk': (forge) => brought(forge, (own) => ({ jwk: publicJwk(own) })),
  'embedded-jwk-own-kid': (forge) => brought(forge, (own) => ({ jwk: publicJwk(own), kid: own.kid })),
  jku: (forge) => brought(forge, () => ({ jku: forge.base.canary })),
  'jku-own-kid': (forge) => brought(forge, (own) => ({ jku: forge.base.canary, kid: own.kid })),
  x5u: (forge) => brought(forge, () => ({ x5u: forge.base.canary })),
  x5c: (forge) => {
    const { certificatePem, keyPem } = forge.base.certificate;
    const x5c = [new X509Certificate(certificatePem).raw.toString('base64')];
    return forge.signed({ header: { x5c } }, createPrivateKey(keyPem));
  },
};

function flipBit(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
  return flipped;
}

/** A good token with one bit of a part changed, in the character that `marker` begins with. */
async function withFlippedBit(forge: Forge, part: 0 | 1, marker: string): Promise<string> {
  const parts = [...partsOf(await forge.signed({}))];
  const bytes = Buffer.from(parts[part] ?? '', 'base64url');
  parts[part] = flipBit(bytes, bytes.indexOf(marker)).toString('base64url');
  return parts.join('.');
}

/** As X.509 writes an ECDSA signature: a DER sequence of two integers. */
function derOf(signature: Buffer): Buffer {
  const integer = (half: Buffer): Buffer => {
    const first = half.findIndex((byte) => byte !== 0);
    const bytes = half.subarray(first);
    const body = bytes.readUInt8(0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
    return Buffer.concat([Buffer.of(2, body.length), body]);
  };
  const body = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function blankSecret(forge: Forge): string {
  const unsigned = forge.assembled({ header: { alg: 'HS256' } }).slice(0, -1);
  return `${unsigned}.${createHmac('sha256', '').update(unsigned).digest('base64url')}`;
}

export const TAMPERED_RECIPES: Recipes<typeof TAMPERED> = {
  'no-signature': (forge) => forge.assembled({}),
  'zero-signature': (forge) => resigned(forge, (signature) => Buffer.alloc(signature.length)),
  'truncated-signature': (forge) => resigned(forge, (signature) => signature.subarray(0, -8)),
  'doubled-signature': (forge) => resigned(forge, (signature) => Buffer.concat([signature, signature])),
  'der-signature': (forge) => resigned(forge, derOf),
  'swapped-halves': (forge) =>
    resigned(forge, (signature) => Buffer.concat([signature.subarray(32), signature.subarray(0, 32)])),
  'blank-secret': blankSecret,
  'other-digest': (forge) =>
    forge.handSigned(partOf(forge.header({})), partOf(forge.claims({})), { digest: 'sha384' }),
  'flipped-signature': (forge) => resigned(forge, (signature) => flipBit(signature, 40)),
  'flipped-payload': (forge) => withFlippedBit(forge, 1, String(forge.claims({})['sub'])),
  'flipped-header': (forge) => withFlippedBit(forge, 0, 'jwt'),
  'tampered-payload': (forge) => recycled(forge, { claims: { roles: ['admin', 'forged'] } }),
  'tampered-header': (forge) => recycled(forge, { header: { typ: 'JWT' } }),
  'swapped-parts': async (forge) => {
    const [header, payload, signature] = partsOf(await forge.signed({}));
    return `${payload}.${header}.${signature}`;
  },
  'borrowed-signature': (forge) => recycled(forge, {}, { claims: { jti: 'another token' } }),
};
