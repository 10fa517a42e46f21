import { hasSecretPlaceholder } from '../../trust/istio-floor.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import type { IdpState, PublishedKey } from '../../evidence/idp-keys.ts';
import type { IstiodTrust } from '../../evidence/istiod-trust.ts';
import type { Verdict } from '../verdict.ts';

/** What a key may be, by its algorithm: asymmetric signatures of a length that holds. */
const ALLOWED: Readonly<Record<string, (key: PublishedKey) => boolean>> = {
  ES256: ({ kty, crv }) => kty === 'EC' && crv === 'P-256',
  ES384: ({ kty, crv }) => kty === 'EC' && crv === 'P-384',
  PS256: ({ kty, bits }) => kty === 'RSA' && (bits ?? 0) >= 2048,
  RS256: ({ kty, bits }) => kty === 'RSA' && (bits ?? 0) >= 2048,
  EdDSA: ({ kty, crv }) => kty === 'OKP' && crv === 'Ed25519',
};

const PUBLIC_KEY_TYPES: ReadonlySet<string> = new Set(['EC', 'RSA', 'OKP']);

export const OIDC_KEY_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-OIDC-003',
    title: 'the key set contains only public signing keys, with unique ids and allowed algorithms',
    impact: 'private keys are published, or keys are ambiguous or too weak',
    hint: 'the keys of the IdP',
    hop: 'client->idp',
    polarity: 'positive',
    blocking: false,
    evidence: ['idp.state'],
    judge: ({ 'idp.state': { keys, discovery } }) =>
      eachCase([
        ['public', publicOnly(keys)],
        ['unique', uniqueIds(keys)],
        ['algorithms', allowedAlgorithms(keys)],
        ['discovery', allowedForIdTokens(discovery)],
      ]),
  }),
  defineCheck({
    id: 'MD-OIDC-011',
    title:
      'istiod verifies the IdP: it has the extra root, no insecure flag, and a version whose placeholder key is not public',
    impact:
      'a server in place of the IdP can supply keys, or proxies accept forged tokens while a fetch fails',
    hint: '`meshdev kubectl -n istio-system get deploy istiod -o yaml`',
    hop: 'istiod->idp',
    polarity: 'positive',
    blocking: false,
    evidence: ['istiod.trust', 'anchors'],
    judge: ({ 'istiod.trust': trust, anchors }) =>
      eachCase([
        ['extra-root', extraRoot(trust, anchors.edgeRootPem)],
        ['no-insecure-flag', noInsecureFlag(trust)],
        ['version', versionVerdict(trust)],
      ]),
  }),
];

function publicOnly(keys: readonly PublishedKey[]): Verdict {
  if (keys.length === 0) return fail('OIDC_NO_KEYS', 'the key set is empty');
  // A symmetric key is its own private part.
  const secret = keys.find((key) => key.isPrivate || !PUBLIC_KEY_TYPES.has(key.kty));
  return secret === undefined
    ? pass(`${keys.length} keys`)
    : fail(
        'OIDC_PRIVATE_KEY_PUBLISHED',
        `the key set contains a private key: key ${secret.kid} (${secret.kty})`,
      );
}

function uniqueIds(keys: readonly PublishedKey[]): Verdict {
  const ids = keys.map((key) => key.kid);
  return new Set(ids).size === ids.length && !ids.includes('')
    ? pass(ids.join(', ') || 'no key')
    : fail('OIDC_AMBIGUOUS_KEYS', `key ids ${ids.join(', ')} are not unique`);
}

function allowedAlgorithms(keys: readonly PublishedKey[]): Verdict {
  const wrong = keys.filter((key) => (key.use ?? 'sig') !== 'sig' || ALLOWED[key.alg ?? '']?.(key) !== true);
  return wrong.length === 0
    ? pass([...new Set(keys.map(({ alg }) => alg))].join(', ') || 'no key')
    : fail(
        'OIDC_ALGORITHM',
        wrong
          .map(
            ({ kid, kty, alg, use, crv, bits }) =>
              `key ${kid} is ${kty} ${crv ?? bits ?? ''} for ${alg ?? 'no algorithm'}, use ${use ?? 'not specified'}`,
          )
          .join(' · '),
      );
}

function allowedForIdTokens(discovery: IdpState['discovery']): Verdict {
  const said = discovery['id_token_signing_alg_values_supported'];
  if (said === undefined)
    return fail('OIDC_ALGORITHM', 'the IdP does not report its signing algorithms for ID tokens');
  const offered = [said].flat().map(String);
  const wrong = offered.filter((alg) => !Object.hasOwn(ALLOWED, alg));
  return wrong.length === 0
    ? pass(offered.join(', '))
    : fail('OIDC_ALGORITHM', `the IdP offers to sign ID tokens with ${wrong.join(', ')}`);
}

function extraRoot({ extraRootPem }: IstiodTrust, edgeRootPem: string): Verdict {
  if (extraRootPem.trim() === '')
    return fail('OIDC_ISTIOD_ROOT', 'istiod has no root other than those of its image');
  return extraRootPem.trim() === edgeRootPem.trim()
    ? pass('the edge root of this lab')
    : fail('OIDC_ISTIOD_ROOT', 'istiod has roots other than the edge root of this lab');
}

function noInsecureFlag({ environment }: IstiodTrust): Verdict {
  const flag = environment['JWKS_RESOLVER_INSECURE_SKIP_VERIFY'];
  return flag === undefined || flag === 'false'
    ? pass()
    : fail('OIDC_ISTIOD_INSECURE', `istiod runs with JWKS_RESOLVER_INSECURE_SKIP_VERIFY=${flag}`);
}

function versionVerdict({ version }: IstiodTrust): Verdict {
  switch (hasSecretPlaceholder(version)) {
    case undefined:
      return unknown('EVIDENCE_UNREADABLE', `istiod reports version "${version}"`);
    case true:
      return pass(version);
    case false:
      return fail(
        'OIDC_ISTIOD_OLD',
        `while a fetch fails, istiod ${version} validates with a key whose private part is public; 1.27.8, 1.28.5, 1.29.1 and 1.30 do not`,
      );
  }
}
