import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import type { PolicyObject, PolicyState, PodWithProxy } from '../../evidence/policy-state.ts';
import type { Lab } from '../../topology/lab.ts';
import type { Service } from '../../topology/service.ts';
import { fail, pass, unknown } from '../check.ts';
import { isInForce, selects } from '../policies-in-force.ts';
import { removalOf } from '../removal.ts';
import type { Verdict } from '../verdict.ts';

type Entry = readonly [id: string, verdict: Verdict];

export interface PolicyQuestion {
  readonly service: Service;
  readonly lab: Lab;
  /** Names of its pods. */
  readonly pods: readonly string[];
}

/** Every policy of the service is in force at all its pods, and nobody else's lets anything in there. */
export function servicePolicyCases(state: PolicyState, question: PolicyQuestion): readonly Entry[] {
  const { service } = question;
  const wanted = [
    ...service.access.map(({ policy }) => ({ kind: 'AuthorizationPolicy', policy }) as const),
    ...(service.tokenPolicy === undefined
      ? []
      : [{ kind: 'RequestAuthentication', policy: service.tokenPolicy } as const]),
  ];
  return [
    ...wanted.map(({ kind, policy }): Entry => [
      `${kind === 'AuthorizationPolicy' ? 'policy' : 'tokens'}-${policy.replace('/', '-')}`,
      everywhere(kind, policy, state, question),
    ]),
    ['foreign', nobodyElse(state, question)],
  ];
}

interface Holders {
  readonly asked: PolicyState['proxies'];
  readonly silent: PolicyState['unasked'];
}

function holdersOf({ proxies, unasked }: PolicyState, { service, pods }: PolicyQuestion): Holders {
  const { namespace } = service.identity;
  const isOwn = ({ workload, namespace: where }: PodWithProxy): boolean =>
    where === namespace && pods.some((name) => workload === `${namespace}/${name}`);
  return { asked: proxies.filter(isOwn), silent: unasked.filter(isOwn) };
}

function everywhere(
  kind: PolicyObject['kind'],
  policy: string,
  state: PolicyState,
  question: PolicyQuestion,
): Verdict {
  const object = state.objects.find((one) => one.kind === kind && `${one.namespace}/${one.name}` === policy);
  if (object === undefined) return fail('RBAC_DETACHED', `there is no ${kind} ${policy}`);
  // What admits nobody is in no filter: none of its callers is there.
  if (kind === 'AuthorizationPolicy' && object.rules.length === 0) return pass('it has no rule');
  const { asked, silent } = holdersOf(state, question);
  const [mute] = silent;
  if (mute !== undefined)
    return unknown('NO_PROXIES', `${mute.workload} could not be queried: ${mute.because}`);
  if (asked.length === 0)
    return unknown('NO_PROXIES', `no proxy of ${question.service.id} could be asked for its policies`);
  const left = asked.filter((proxy) => !isInForce(object, proxy));
  if (left.length > 0)
    return fail(
      'RBAC_DETACHED',
      `${kind} ${policy} is not in effect at ${left.map(({ workload }) => workload).join(', ')}`,
    );
  if (object.dryRun) return fail('RBAC_NOT_POSITIVE', `${kind} ${policy} is audit only and does not decide`);
  return pass(`in effect at ${asked.map(({ workload }) => workload).join(', ')}`);
}

/** One more ALLOW opens, whatever the rules of the service say; without rules it admits nothing. */
function nobodyElse(state: PolicyState, question: PolicyQuestion): Verdict {
  const { asked } = holdersOf(state, question);
  const known = new Set(question.lab.services.flatMap(({ access }) => access.map(({ policy }) => policy)));
  const strangers = state.objects.filter(
    (object) =>
      object.kind === 'AuthorizationPolicy' &&
      object.action === 'ALLOW' &&
      object.rules.length > 0 &&
      !isLabs(object, question.lab, known) &&
      asked.some((proxy) => selects(object, proxy)),
  );
  if (asked.length === 0)
    return unknown('NO_PROXIES', `no proxy of ${question.service.id} could be asked for its policies`);
  if (strangers.length === 0) return pass('only policies that follow from meshdev.yaml select its pods');
  const names = strangers.map(({ namespace, name }) => `${namespace}/${name}`);
  return fail(
    'RBAC_FOREIGN_ALLOW',
    `AuthorizationPolicy ${names.join(', ')} admits requests to ${question.service.id} and does not follow from meshdev.yaml`,
    names.map((name) => removalOf(`AuthorizationPolicy ${name}`)),
  );
}

function isLabs({ namespace, name }: PolicyObject, { workloads }: Lab, known: ReadonlySet<string>): boolean {
  const policy = `${namespace}/${name}`;
  return (
    known.has(policy) ||
    policy === `${ISTIO_NAMESPACE}/default-deny` ||
    policy === `${workloads.gateway.namespace}/gateway-forwards`
  );
}
