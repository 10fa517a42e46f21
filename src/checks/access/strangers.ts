import type { AccessSubject, ClusterAccess } from '../../evidence/cluster-access.ts';
import type { Lab } from '../../topology/lab.ts';
import { fail, pass } from '../check.ts';
import type { Verdict } from '../verdict.ts';
import { chainNamespaces } from './chain-namespaces.ts';
import { isOwnBinding, undeclaredOf } from './declared-holders.ts';
import { type Grant, grantsOf, subjectName } from './grants.ts';
import type { Power } from './powers.ts';

/** A grant with what of it nobody declared. */
interface Stranger {
  readonly grant: Grant;
  readonly permits: readonly string[];
}

/** Who holds a power over the chain that nobody declared. Pure. */
export function strangerVerdict(access: ClusterAccess, power: Power, lab: Lab): Verdict {
  const grants = grantsOf(access, chainNamespaces(lab)).filter((grant) => grant.power === power);
  const strangers = grants
    .filter(({ binding }) => !binding.declared)
    .map((grant): Stranger => ({ grant, permits: undeclaredOf(grant, lab) }))
    .filter(({ permits }) => permits.length > 0);
  if (strangers.length > 0)
    return fail(
      'EXPO_ACCESS_GRANTED',
      strangers.map(strangerText).join(' · '),
      unique(strangers.flatMap(({ grant }) => remediesFor(grant, lab))),
    );
  const declared = unique(
    grants.filter(({ binding }) => binding.declared).map(({ binding }) => binding.name),
  );
  return pass(
    declared.length === 0
      ? `${unique(grants.map(({ subject }) => subjectName(subject))).length} holders`
      : `declared in manifests: ${declared.join(', ')}`,
  );
}

function strangerText({ grant: { subject, namespace, objects, binding }, permits }: Stranger): string {
  const place = namespace === undefined ? 'in every namespace' : `in namespace ${namespace}`;
  const named = objects.length === 0 ? '' : ` named ${objects.join(', ')}`;
  const path = namespace === undefined ? binding.name : `${namespace}/${binding.name}`;
  const since = binding.since === undefined ? '' : `, made at ${binding.since}`;
  return `${whoIs(subject)} may ${asText(permits)}${named} ${place}, by ${binding.kind} ${path} to ${binding.role.kind} ${binding.role.name}${since}`;
}

/** `get, list secrets; create pods/exec`: verbs that are about one resource together. */
function asText(permits: readonly string[]): string {
  const verbs = Map.groupBy(permits, (each) => each.slice(each.indexOf(' ') + 1));
  return [...verbs]
    .map(([resource, all]) => {
      const names = all.map((each) => each.slice(0, each.indexOf(' '))).join(', ');
      return `${names} ${resource === '*' ? 'everything' : resource}`;
    })
    .join('; ');
}

/** Groups that everybody of a kind is in. */
const EVERYBODY: Readonly<Record<string, string>> = {
  'Group system:serviceaccounts': 'every service account',
  'Group system:authenticated': 'every client with a credential',
  'Group system:unauthenticated': 'every client without a credential',
  'User system:anonymous': 'every client without a credential',
};

function whoIs(subject: AccessSubject): string {
  const name = subjectName(subject);
  const everybody = EVERYBODY[name];
  return everybody === undefined ? name : `${everybody} (${name})`;
}

/** What the cluster needs is not deleted: a binding or role of its own was changed. */
function remediesFor({ binding, namespace }: Grant, lab: Lab): readonly string[] {
  const kind = binding.kind.toLowerCase();
  const path = `${kind}${namespace === undefined ? '' : ` -n ${namespace}`} ${binding.name}`;
  return isOwnBinding(binding, lab)
    ? [`meshdev kubectl describe ${path}`, 'meshdev down', 'meshdev up']
    : [`meshdev kubectl delete ${path}`];
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
