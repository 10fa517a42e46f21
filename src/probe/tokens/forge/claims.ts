import { createSigningKey } from '../../../keys/idp-secrets.ts';
import type { FOREIGN, OTHER_AUDIENCE, OTHER_ISSUER, OUT_OF_TIME } from '../../../cases/tokens/claims.ts';
import { type Forge, partOf, type Recipe } from './forge.ts';

type Recipes<Cases extends readonly { readonly id: string }[]> = Readonly<
  Record<Cases[number]['id'], Recipe>
>;

/** Signed by a stranger's key, under this key id. */
function under(forge: Forge, kid: unknown): Promise<string> {
  return forge.signed({ header: { kid } }, createSigningKey());
}

export const FOREIGN_RECIPES: Recipes<typeof FOREIGN> = {
  'foreign-key': (forge) => under(forge, forge.key.kid),
  'unknown-kid': (forge) => {
    const own = createSigningKey();
    return forge.signed({ header: { kid: own.kid } }, own);
  },
  'foreign-key-without-kid': (forge) => under(forge, undefined),
  'kid-empty': (forge) => under(forge, ''),
  'kid-path': (forge) => under(forge, '../../dev/null'),
  'kid-query': (forge) => under(forge, "x' OR '1'='1"),
  'kid-long': (forge) => under(forge, 'k'.repeat(4096)),
  'kid-number': (forge) => under(forge, 1),
  'kid-list': (forge) => under(forge, [forge.key.kid]),
  'kid-null': (forge) => under(forge, null),
  'kid-doubled': (forge) => {
    const own = createSigningKey();
    const header = `{"alg":"ES256","kid":"${own.kid}","kid":"${forge.key.kid}"}`;
    return forge.handSigned(Buffer.from(header).toString('base64url'), partOf(forge.claims({})), {
      key: own,
    });
  },
};

const issuedBy = (forge: Forge, iss: unknown) => forge.signed({ claims: { iss } });

export const OTHER_ISSUER_RECIPES: Recipes<typeof OTHER_ISSUER> = {
  'wrong-issuer': (forge) => issuedBy(forge, 'https://issuer.invalid'),
  'issuer-trailing-slash': (forge) => issuedBy(forge, `${forge.issuer}/`),
  'issuer-http': (forge) => issuedBy(forge, forge.issuer.replace('https:', 'http:')),
  'issuer-prefix': (forge) => issuedBy(forge, `${forge.issuer}.invalid`),
  'issuer-suffix': (forge) => issuedBy(forge, `https://issuer.invalid/${forge.issuer}`),
  'issuer-tenant': (forge) => issuedBy(forge, `${forge.issuer}/tenant`),
  'issuer-upper-case': (forge) => issuedBy(forge, forge.issuer.toUpperCase()),
  'issuer-missing': (forge) => issuedBy(forge, undefined),
  'issuer-list': (forge) => issuedBy(forge, [forge.issuer]),
};

const meantFor = (forge: Forge, aud: unknown) => forge.signed({ claims: { aud } });

export const OTHER_AUDIENCE_RECIPES: Recipes<typeof OTHER_AUDIENCE> = {
  'wrong-audience': (forge) => meantFor(forge, 'https://other.invalid'),
  'audience-substring': (forge) => meantFor(forge, `${forge.audience}/x`),
  'audience-upper-case': (forge) => meantFor(forge, forge.audience.toUpperCase()),
  'audience-client': (forge) => meantFor(forge, forge.claims({})['client_id']),
  'audience-list-without-ours': (forge) => meantFor(forge, ['https://a.invalid', 'https://b.invalid']),
  'audience-empty-list': (forge) => meantFor(forge, []),
  'audience-missing': (forge) => meantFor(forge, undefined),
  'audience-number': (forge) => meantFor(forge, 7),
};

export const OUT_OF_TIME_RECIPES: Recipes<typeof OUT_OF_TIME> = {
  expired: (forge) => forge.signed({ claims: { iat: forge.now - 7200, exp: forge.now - 3600 } }),
  'expired-beyond-skew': (forge) => forge.signed({ claims: { iat: forge.now - 600, exp: forge.now - 75 } }),
  'not-yet-valid': (forge) => forge.signed({ claims: { nbf: forge.now + 3600, exp: forge.now + 7200 } }),
  'not-yet-valid-beyond-skew': (forge) =>
    forge.signed({ claims: { nbf: forge.now + 90, exp: forge.now + 300 } }),
  'expiry-negative': (forge) => forge.signed({ claims: { exp: -1 } }),
  'expiry-as-text': (forge) => forge.signed({ claims: { exp: String(forge.now + 300) } }),
  'expiry-huge': (forge) => forge.signed({ claims: { exp: 1e300 } }),
  'beginning-as-text': (forge) => forge.signed({ claims: { nbf: String(forge.now) } }),
};
