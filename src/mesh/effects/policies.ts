import { z } from 'zod';
import { namesOf, selected } from './chain.ts';
import { asText, defineEffect, selector } from './effect.ts';

const texts = z.array(z.string()).default([]);
const source = z.looseObject({});
const rule = z.looseObject({
  from: z.array(z.looseObject({ source: source.default({}) })).default([]),
  to: z.array(z.looseObject({ operation: z.looseObject({}).default({}) })).default([]),
  when: z.array(z.looseObject({ key: z.string(), values: texts, notValues: texts })).default([]),
});
type Rule = z.infer<typeof rule>;

/** Who passes, as the rules of a foreign policy say it. */
export const AUTHORIZATION_POLICY = defineEffect(
  z.looseObject({
    ...selector,
    action: z.string().default('ALLOW'),
    rules: z.array(rule).default([]),
    provider: z.looseObject({ name: z.string() }).optional(),
  }),
  ({ selector: at, action, rules, provider, targetRefs }, { namespace, annotations, chain }) => {
    const targets = targetRefs.length > 0 ? [] : selected(chain, namespace, at?.matchLabels);
    // What is only logged, and what matches no request, lets nobody in.
    if (targets.length === 0 || rules.length === 0) return undefined;
    if (action === 'AUDIT' || annotations['istio.io/dry-run'] === 'true') return undefined;
    if (action === 'CUSTOM')
      return `lets ${provider?.name ?? 'a provider'} decide on requests to ${namesOf(targets)}`;
    const verb = action === 'DENY' ? 'refuses' : 'admits';
    return rules.map((each) => `${verb} ${ruleText(each, namesOf(targets))}`).join('; ');
  },
);

function ruleText({ from, to, when }: Rule, targets: string): string {
  const callers = from.map(({ source: who }) => fieldsText(who)).join(' or ') || 'every caller';
  const token =
    from.some(({ source: who }) => 'requestPrincipals' in who) ||
    when.some(({ key }) => key.startsWith('request.auth.'))
      ? ''
      : ', without a token,';
  const requests = to.map(({ operation }) => fieldsText(operation)).join(' or ') || 'every request';
  const conditions = when.map(({ key, values, notValues }) =>
    [
      ...(values.length === 0 ? [] : [`${key} is ${values.join(' or ')}`]),
      ...(notValues.length === 0 ? [] : [`${key} is not ${notValues.join(' or ')}`]),
    ].join(' and '),
  );
  const where = conditions.length === 0 ? '' : ` when ${conditions.join(' and ')}`;
  return `${callers}${token} to ${targets} for ${requests}${where}`;
}

/** `methods GET, paths /uuid`. */
function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, values]) => `${name} ${asText(values)}`)
    .join(', ');
}

export const REQUEST_AUTHENTICATION = defineEffect(
  z.looseObject({
    ...selector,
    jwtRules: z
      .array(
        z.looseObject({
          issuer: z.string(),
          jwksUri: z.string().optional(),
          jwks: z.string().optional(),
          audiences: texts,
          fromParams: texts,
        }),
      )
      .default([]),
  }),
  ({ selector: at, jwtRules, targetRefs }, { namespace, chain }) => {
    const targets = targetRefs.length > 0 ? [] : selected(chain, namespace, at?.matchLabels);
    if (targets.length === 0 || jwtRules.length === 0) return undefined;
    return jwtRules
      .map(({ issuer, jwksUri, jwks, audiences, fromParams }) => {
        const keys = jwks === undefined ? `keys of ${jwksUri ?? 'its discovery'}` : 'keys in the object';
        const audience = audiences.length === 0 ? 'for any audience' : `for ${audiences.join(', ')}`;
        const query = fromParams.length === 0 ? '' : `, also from the query (${fromParams.join(', ')})`;
        return `${namesOf(targets)} accepts tokens of ${issuer} with ${keys} ${audience}${query}`;
      })
      .join('; ');
  },
);

const mode = z.looseObject({ mode: z.string().default('UNSET') });

export const PEER_AUTHENTICATION = defineEffect(
  z.looseObject({
    ...selector,
    mtls: mode.optional(),
    portLevelMtls: z.record(z.string(), mode).default({}),
  }),
  ({ selector: at, mtls, portLevelMtls }, { namespace, chain }) => {
    const targets = selected(chain, namespace, at?.matchLabels);
    const open = [
      ...(isOpen(mtls?.mode) ? ['on every port'] : []),
      ...Object.entries(portLevelMtls).flatMap(([port, { mode: of }]) =>
        isOpen(of) ? [`on port ${port}`] : [],
      ),
    ];
    return targets.length === 0 || open.length === 0
      ? undefined
      : `${namesOf(targets)} accepts plaintext ${open.join(', ')}, from callers without a certificate`;
  },
);

function isOpen(asked: string | undefined): boolean {
  return asked === 'PERMISSIVE' || asked === 'DISABLE';
}
