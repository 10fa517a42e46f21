import { ownServices, type Service } from '../topology/service.ts';
import type { Collect } from './collect.ts';
import type { EvidenceKey, EvidenceMap } from './evidence-map.ts';
import type { PolicyState } from './policy-state.ts';
import type { Proxies } from './proxies.ts';

/** Pure: without the pods of the user's services, which are judged service by service. */
function proxiesOfLab({ proxies, unseen }: Proxies): Proxies {
  return {
    proxies: proxies.filter(({ service }) => service === undefined),
    unseen: unseen.filter(({ service }) => service === undefined),
  };
}

/** Pure: without the policies that follow from the user's services. Their pods stay: other policies may be for them. */
function policiesOfLab(state: PolicyState, services: readonly Service[]): PolicyState {
  const own = new Set(
    ownServices({ services }).flatMap(({ access, tokenPolicy }) => [
      ...access.map(({ policy }) => `AuthorizationPolicy ${policy}`),
      ...(tokenPolicy === undefined ? [] : [`RequestAuthentication ${tokenPolicy}`]),
    ]),
  );
  const isLabs = ({ kind, namespace, name }: PolicyState['objects'][number]): boolean =>
    !own.has(`${kind} ${namespace}/${name}`);
  return { ...state, objects: state.objects.filter(isLabs) };
}

/** What the checks of the lab itself are judged by: a service of the user's that is broken turns none of them. */
export function collectOfLab(collect: Collect, services: readonly Service[]): Collect;
export function collectOfLab(
  collect: Collect,
  services: readonly Service[],
): (key: EvidenceKey) => Promise<EvidenceMap[EvidenceKey]> {
  return async (key) => {
    if (key === 'proxies') return proxiesOfLab(await collect(key));
    if (key === 'policy.state') return policiesOfLab(await collect(key), services);
    return collect(key);
  };
}
