import { fail, pass, skip, unknown, warn } from './check.ts';
import { ISTIO_NAMESPACE } from '../mesh/manifests/names.ts';
import type { PodWithProxy, PolicyObject, PolicyState, ProxyPolicies } from '../evidence/policy-state.ts';
import type { Verdict } from './verdict.ts';

type Entry = readonly [id: string, verdict: Verdict];

/** `policy-apps-orders-read`: what a case about an object is called. */
function caseOf({ kind, namespace, name }: PolicyObject): string {
  return `${kind === 'AuthorizationPolicy' ? 'policy' : 'tokens'}-${namespace}-${name}`;
}

/** Each object is in the filters of a running proxy: one that selects nothing protects nothing. */
export function attachedCases(state: PolicyState): readonly Entry[] {
  return state.objects.map((object) => [caseOf(object), attached(object, state)]);
}

/** Of all pods with a proxy, those of others too: a policy may be for somebody's own workload. */
function attached(object: PolicyObject, { proxies, unasked }: PolicyState): Verdict {
  const holders = proxies.filter((proxy) => isInForce(object, proxy));
  if (holders.length > 0) return pass(`in effect at ${namesOf(holders)}`);
  const who = `${object.kind} ${object.namespace}/${object.name}`;
  if (object.targets) return skip(`${who} uses targetRefs, which meshdev does not evaluate`);
  const silent = unasked.filter((pod) => selects(object, pod));
  if (silent.length > 0)
    return unknown(
      'NO_PROXIES',
      `${who}: ${silent.map(({ workload, because }) => `${workload} could not be queried: ${because}`).join(' · ')}`,
    );
  const selected = proxies.filter((proxy) => selects(object, proxy));
  return fail(
    'RBAC_DETACHED',
    selected.length === 0
      ? `${who} selects no pod with a proxy`
      : `${who} is in no filter of ${namesOf(selected)}, which it selects`,
  );
}

function namesOf(pods: readonly PodWithProxy[]): string {
  return [...new Set(pods.map(({ workload }) => workload))].join(', ');
}

/**
 * A filter names the policies that it is made from, but of token rules only the issuers, and another object
 * may have brought these: the object must select the pod as well.
 */
export function isInForce(object: PolicyObject, proxy: ProxyPolicies): boolean {
  if (object.kind === 'AuthorizationPolicy')
    return proxy.policies.includes(`${object.namespace}/${object.name}`);
  const { issuers } = object;
  return issuers.length > 0 && selects(object, proxy) && issuers.every((one) => proxy.issuers.includes(one));
}

export function selects({ namespace, selector }: PolicyObject, proxy: PodWithProxy): boolean {
  const inReach = namespace === proxy.namespace || namespace === ISTIO_NAMESPACE;
  return inReach && Object.entries(selector).every(([name, value]) => proxy.labels[name] === value);
}

/** What a policy forgets it should deny; an audit-only one denies nothing. */
export function positiveCases({ objects }: PolicyState): readonly Entry[] {
  return objects
    .filter(({ kind }) => kind === 'AuthorizationPolicy')
    .map((object) => {
      const found = weaknesses(object);
      return [
        caseOf(object),
        found.length === 0
          ? pass('allows by positive match')
          : warn(
              'RBAC_NOT_POSITIVE',
              `AuthorizationPolicy ${object.namespace}/${object.name} ${found.join(' · ')}`,
            ),
      ];
    });
}

function weaknesses({ action, dryRun, rules }: PolicyObject): readonly string[] {
  const paths = rules.flatMap((rule) => rule.paths);
  const negations = [...new Set(rules.flatMap((rule) => rule.negations))];
  const halfHosts = rules.flatMap((rule) => rule.hosts.filter((host) => !hasBothForms(rule.hosts, host)));
  return [
    ...(dryRun || action === 'AUDIT' ? ['is audit only and does not decide'] : []),
    ...(action === 'DENY' && paths.length > 0
      ? [`denies by path (${paths.join(', ')}): another spelling of the path is allowed`]
      : []),
    ...(negations.length > 0 ? [`matches by ${negations.join(', ')}: every other value is allowed`] : []),
    ...(halfHosts.length > 0
      ? [`names ${halfHosts.join(', ')} only with or only without a port: both forms are required`]
      : []),
  ];
}

function hasBothForms(hosts: readonly string[], host: string): boolean {
  // A pattern that is open at its end takes a port too; `*.zone` is open at its start only.
  if (host === '*' || host.startsWith('*:') || (host.endsWith('*') && !host.includes(':'))) return true;
  const [name = ''] = host.split(':');
  return hosts.includes(name) && hosts.some((other) => other.startsWith(`${name}:`));
}
