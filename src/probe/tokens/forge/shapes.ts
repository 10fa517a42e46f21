import type { MISSHAPEN, OTHER_KIND, TOLERATED } from '../../../cases/tokens/shapes.ts';
import { type Forge, partOf, partsOf, type Recipe, resigned, withPayload } from './forge.ts';

type Recipes<Cases extends readonly { readonly id: string }[]> = Readonly<
  Record<Cases[number]['id'], Recipe>
>;

async function encrypted(forge: Forge): Promise<string> {
  const { CompactEncrypt } = await import('jose');
  return new CompactEncrypt(Buffer.from(await forge.signed({})))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM', cty: 'JWT', kid: forge.key.kid })
    .encrypt(forge.publicKey());
}

/** As OpenID Connect Back-Channel Logout has them: of our issuer, for the client. */
function logoutToken(forge: Forge): Promise<string> {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const aud = forge.claims({})['client_id'];
  return forge.signed({ header: { typ: 'logout+jwt' }, claims: { aud, events } });
}

export const OTHER_KIND_RECIPES: Recipes<typeof OTHER_KIND> = {
  'id-token': (forge) => forge.base.idToken,
  'refresh-token': (forge) => forge.base.refreshToken,
  'logout-token': logoutToken,
  encrypted,
  nested: async (forge) => forge.signedText(await forge.signed({}), { cty: 'JWT' }),
};

/** A good token whose payload is this much of something else. */
async function oversized(forge: Forge, kibibytes: number): Promise<string> {
  return withPayload(await forge.signed({}), 'A'.repeat(kibibytes * 1024));
}

/** In standard base64 with its padding, of which there always is some. */
function padded(forge: Forge): string {
  const claims = forge.claims({ claims: { note: '' } });
  const short = 3 - (Buffer.byteLength(JSON.stringify(claims)) % 3);
  return Buffer.from(JSON.stringify({ ...claims, note: 'n'.repeat(short + 1) })).toString('base64');
}

export const MISSHAPEN_RECIPES: Recipes<typeof MISSHAPEN> = {
  'one-part': async (forge) => (await forge.signed({})).replaceAll('.', ''),
  'two-parts': async (forge) =>
    partsOf(await forge.signed({}))
      .slice(0, 2)
      .join('.'),
  'four-parts': async (forge) => `${await forge.signed({})}.AAAA`,
  'empty-parts': () => '..',
  'not-base64': async (forge) => withPayload(await forge.signed({}), '!not+base64url!'),
  'not-json': async (forge) =>
    withPayload(await forge.signed({}), Buffer.from('{"sub":').toString('base64url')),
  'payload-list': (forge) => forge.signedText(JSON.stringify([forge.claims({})])),
  'doubled-claim': (forge) =>
    forge.signedText(JSON.stringify(forge.claims({})).replace(/^\{/, '{"sub":"mallory",')),
  'deep-nesting': (forge) =>
    forge.signedText(
      JSON.stringify(forge.claims({ claims: { note: 'NOTE' } })).replace(
        '"NOTE"',
        `${'['.repeat(2000)}${']'.repeat(2000)}`,
      ),
    ),
  'size-8-kib': (forge) => oversized(forge, 8),
  'size-64-kib': (forge) => oversized(forge, 64),
  'size-256-kib': (forge) => oversized(forge, 256),
};

/** Order of the P-256 group (FIPS 186-4 D.1.2.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** (r, s) and (r, n - s) are signatures of the same bytes by the same key. */
function otherForm(signature: Buffer): Buffer {
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const other = (ORDER - s).toString(16).padStart(64, '0');
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(other, 'hex')]);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 64 bytes take 86 characters; the last one has four bits that nobody reads. */
function loosened(token: string): string {
  const last = ALPHABET.indexOf(token.slice(-1));
  return `${token.slice(0, -1)}${ALPHABET.charAt(last ^ 1)}`;
}

export const TOLERATED_RECIPES: Recipes<typeof TOLERATED> = {
  'within-skew': (forge) => forge.signed({ claims: { iat: forge.now - 300, exp: forge.now - 20 } }),
  'begins-within-skew': (forge) => forge.signed({ claims: { nbf: forge.now + 30 } }),
  'without-kid': (forge) => forge.signed({ header: { kid: undefined } }),
  'audience-list-with-ours': (forge) =>
    forge.signed({ claims: { aud: ['https://other.invalid', forge.audience] } }),
  'audience-trailing-slash': (forge) => forge.signed({ claims: { aud: `${forge.audience}/` } }),
  'audience-without-scheme': (forge) =>
    forge.signed({ claims: { aud: forge.audience.replace(/^https:\/\//, '') } }),
  'expiry-missing': (forge) => forge.signed({ claims: { exp: undefined } }),
  'expiry-zero': (forge) => forge.signed({ claims: { exp: 0 } }),
  'issued-in-the-future': (forge) =>
    forge.signed({ claims: { iat: forge.now + 3600, exp: forge.now + 7200 } }),
  'unknown-crit': (forge) =>
    forge.signed({ header: { crit: ['urn:meshdev:crit'], 'urn:meshdev:crit': true } }),
  'other-form-of-signature': (forge) => resigned(forge, otherForm),
  'loose-base64': async (forge) => loosened(await forge.signed({})),
  'leading-dot': async (forge) => `.${await forge.signed({})}`,
  'trailing-dot': async (forge) => `${await forge.signed({})}.`,
  'padded-base64': (forge) => forge.handSigned(partOf(forge.header({})), padded(forge)),
  'control-bytes': (forge) =>
    forge.signedText(
      JSON.stringify(forge.claims({ claims: { note: 'NOTE' } })).replace('NOTE', '\0\u0001\n'),
    ),
};
