import { ADMIN, APP_ID } from '../../sample/names.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass } from '../check.ts';
import type { HeldKey } from '../../evidence/idp-keys.ts';
import { OIDC_FLOW_CHECKS } from './oidc-flows.ts';
import { OIDC_KEY_CHECKS } from './oidc-keys.ts';
import { OIDC_ROTATION_CHECKS } from './oidc-rotation.ts';
import type { Verdict } from '../verdict.ts';

/** Asymmetric signatures; anything else could be made by whoever verifies. */
const SIGNED = /^((ES|RS|PS)(256|384|512)|EdDSA|Ed25519)$/;

export const OIDC_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-OIDC-001',
    title: 'discovery is available over verified TLS, and its issuer is the configured one, byte for byte',
    impact: 'the IdP or its route is missing: every token is refused',
    hint: '`docker logs meshdev-demo-idp`',
    hop: 'client->idp',
    polarity: 'positive',
    blocking: true,
    evidence: ['idp.state'],
    judge: ({ 'idp.state': { discovery } }, { lab }) =>
      discovery['issuer'] === lab.issuer
        ? pass(lab.issuer)
        : fail(
            'OIDC_ISSUER_DIFFERS',
            `discovery has the issuer ${String(discovery['issuer'])}, expected ${lab.issuer}`,
          ),
  }),
  defineCheck({
    id: 'MD-OIDC-002',
    title: 'every URL in discovery is an https URL of the issuer origin',
    impact: 'the IdP is not configured for a proxy in front of it',
    hint: '`docker logs meshdev-demo-idp`',
    hop: 'client->idp',
    polarity: 'positive',
    blocking: false,
    evidence: ['idp.state'],
    judge: ({ 'idp.state': { discovery } }, { lab }) => {
      const urls = Object.entries(discovery).filter(([name]) => /(_endpoint|_uri|^issuer)$/.test(name));
      const strangers = urls.filter(([, url]) => originOf(String(url)) !== new URL(lab.issuer).origin);
      if (urls.length < 4) return fail('OIDC_DISCOVERY_SHORT', `discovery contains only ${urls.length} URLs`);
      return strangers.length === 0
        ? pass(`${urls.length} URLs`)
        : fail('OIDC_FOREIGN_URL', strangers.map(([name, url]) => `${name} is ${String(url)}`).join(' · '));
    },
  }),
  ...OIDC_KEY_CHECKS,
  ...OIDC_ROTATION_CHECKS,
  ...OIDC_FLOW_CHECKS,
  defineCheck({
    id: 'MD-OIDC-005',
    title: 'access tokens are JWTs for the audience of the API, with the subject and the roles of the user',
    impact: 'tokens have a wrong audience, subject or roles',
    hint: `\`meshdev token ${ADMIN} --decode\``,
    hop: 'client->idp',
    polarity: 'positive',
    blocking: false,
    evidence: ['tokens', 'idp.logins'],
    judge: ({ tokens, 'idp.logins': logins }, { lab, at }) =>
      eachCase(
        lab.users.map((user): readonly [string, Verdict] => {
          const login = logins[user.name];
          const own = login?.kind === 'seen' ? login.value.access : undefined;
          const facts = Object.entries(tokens).find(([name]) => name === user.name)?.[1] ?? own;
          if (facts === undefined) return [user.name, fail('OIDC_NO_TOKEN', `no token for ${user.name}`)];
          const wrong = [
            facts.subject === user.name ? [] : [`sub ${facts.subject || 'missing'}`],
            facts.issuer === lab.issuer ? [] : [`iss ${facts.issuer || 'missing'}`],
            facts.audience.join() === lab.audience ? [] : [`aud ${facts.audience.join(',') || 'missing'}`],
            facts.roles.join() === user.roles.join() ? [] : [`roles ${facts.roles.join(',') || 'missing'}`],
            facts.expiresAt > at ? [] : [`exp ${new Date(facts.expiresAt).toISOString()}`],
            SIGNED.test(facts.algorithm) ? [] : [`alg ${facts.algorithm || 'missing'}`],
          ].flat();
          const verdict =
            wrong.length === 0
              ? pass()
              : fail('OIDC_CLAIMS', `the token of ${user.name} has ${wrong.join(', ')}`);
          return [user.name, verdict];
        }),
      ),
  }),
  defineCheck({
    id: 'MD-OIDC-010',
    title: 'the validating proxies have the current keys of the IdP, not the placeholder of istiod',
    impact: 'istiod could not fetch the keys: every token gets 401',
    hint: 'the log of istiod: the second remedy of the message',
    hop: 'istiod->idp',
    polarity: 'positive',
    blocking: true,
    evidence: ['idp.state', 'mesh.state'],
    judge: ({ 'idp.state': { keys }, 'mesh.state': { jwks } }) => {
      if (keys.length > 0 && holdsAll(jwks, keys) && holdsAll(keys, jwks)) return pass(`key ${named(keys)}`);
      return fail(
        'OIDC_PLACEHOLDER_KEY',
        `the sidecar of ${APP_ID} has the keys [${named(jwks)}], the IdP publishes [${named(keys)}]: istiod could not fetch jwks_uri, or has an old key set or a foreign key`,
        ['meshdev up', 'meshdev kubectl -n istio-system logs deploy/istiod | grep -i jwks'],
      );
    },
  }),
];

/** By the keys themselves: two of one name may be two. */
function holdsAll(holder: readonly HeldKey[], wanted: readonly HeldKey[]): boolean {
  const held = new Set(holder.map(({ thumbprint }) => thumbprint));
  return wanted.every(({ thumbprint }) => thumbprint !== undefined && held.has(thumbprint));
}

/** With the thumbprint where the name is another: `key-1 (NzbLsXh8uD)`. */
function named(keys: readonly HeldKey[]): string {
  return keys
    .map(({ kid, thumbprint }) =>
      kid === thumbprint ? kid : `${kid} (${thumbprint?.slice(0, 10) ?? 'no thumbprint'})`,
    )
    .toSorted()
    .join(', ');
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
