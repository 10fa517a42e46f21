import type { KubeObject } from '../../ports/cluster.ts';
import { type AccessRule, placeOf } from '../../topology/access.ts';
import { principal } from '../../topology/identity.ts';
import { identityOf, type Lab } from '../../topology/lab.ts';
import type { Service } from '../../topology/service.ts';
import { hostPatterns } from './names.ts';
import { labObject } from './object.ts';
import { ownLabels } from './services/own-labels.ts';

type Source = Readonly<Record<string, readonly string[]>>;
type Rule = Readonly<Record<string, unknown>>;

/**
 * One AuthorizationPolicy for each rule of each service. Nothing else lets anything in: the default deny of the mesh
 * holds for every workload (policies.ts).
 */
export function servicePolicies(lab: Lab): readonly KubeObject[] {
  return lab.services.flatMap((service) =>
    service.access.map((rule) => policyOf(lab, service, rulesOf(lab, service, rule), rule.policy)),
  );
}

function policyOf(
  lab: Lab,
  service: Service,
  rules: readonly Rule[],
  policy: AccessRule['policy'],
): KubeObject {
  return labObject(
    lab,
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      ...placeOf(policy),
      role: 'policy',
      labels: ownLabels(service),
    },
    { spec: { selector: { matchLabels: service.selector }, action: 'ALLOW', rules } },
  );
}

function rulesOf(lab: Lab, service: Service, rule: AccessRule): readonly Rule[] {
  return rule.kind === 'people'
    ? peopleRules(lab, service, rule)
    : callerRules(service, rule, principalsOf(rule.from, lab));
}

/**
 * People come by the gateway alone, with a token of the issuer. One of the roles or the name is enough, and conditions
 * of one rule hold together: so each of both has a rule of its own.
 */
function peopleRules(
  lab: Lab,
  service: Service,
  rule: Extract<AccessRule, { readonly kind: 'people' }>,
): readonly Rule[] {
  const { host, port } = service;
  const to = operation(rule, {
    hosts: host === undefined ? [] : hostPatterns(host),
    ports: portsOf([port.target]),
  });
  const from = (
    requestPrincipals: readonly string[],
  ): { readonly from: readonly { readonly source: Source }[] } => ({
    from: [{ source: { principals: [principal(lab.workloads.gateway)], requestPrincipals } }],
  });
  const roles = { key: 'request.auth.claims[roles]', values: rule.roles };
  return [
    ...(rule.roles.length === 0 ? [] : [{ ...from([`${lab.issuer}/*`]), ...to, when: [roles] }]),
    ...(rule.users.length === 0
      ? []
      : [{ ...from(rule.users.map((user) => `${lab.issuer}/${user}`)), ...to }]),
  ];
}

/**
 * Pod to pod, by workload identity alone, to every port that the service names. Where none of the callers is there, no
 * rule: to Istio an empty list of principals is no restriction.
 */
function callerRules(service: Service, rule: AccessRule, principals: readonly string[]): readonly Rule[] {
  if (principals.length === 0) return [];
  const { port, extraPorts } = service;
  const ports = portsOf([port.target, ...extraPorts.map((extra) => extra.target ?? extra.port)]);
  return [{ from: [{ source: { principals } }], ...operation(rule, { ports }) }];
}

function principalsOf(from: readonly string[], lab: Lab): readonly string[] {
  return from.flatMap((id) => {
    const identity = identityOf(lab, id);
    return identity === undefined ? [] : [principal(identity)];
  });
}

/** Ports of the pod; without the routed one, which only manifests know, no list could be right. */
function portsOf(targets: readonly (number | undefined)[]): readonly string[] {
  const known = targets.filter((target) => target !== undefined).map(String);
  return known.length === targets.length ? known : [];
}

/** Empty lists are left out: to Istio they would be no restriction, and look like one. */
function operation(
  { scope }: AccessRule,
  more: Readonly<Record<string, readonly string[]>>,
): { readonly to?: readonly { readonly operation: Source }[] } {
  const entries = Object.entries({ ...more, ...scope }).filter(([, values]) => values.length > 0);
  return entries.length === 0 ? {} : { to: [{ operation: Object.fromEntries(entries) }] };
}
