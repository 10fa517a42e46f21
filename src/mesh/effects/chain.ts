import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { clusterHost, ownServices, type Service } from '../../topology/service.ts';
import { gatewayRef, GATEWAY_SELECTOR, ISTIO_NAMESPACE, podsOf, PROXIED } from '../manifests/names.ts';

type Labels = Readonly<Record<string, string>>;

/** Pods with a proxy that a part of the plan is. */
export interface Target {
  /** `apps/orders`. */
  readonly name: string;
  readonly namespace: string;
  /** Labels of its pods, and those that the plan selects them by. */
  readonly labels: readonly Labels[];
}

/** What objects of Istio could have an effect on. */
export interface Chain {
  readonly targets: readonly Target[];
  /** Every service of the lab. */
  readonly services: readonly Service[];
  /** Names that the edge serves. */
  readonly publicHosts: readonly string[];
  /** `namespace/name` of each Gateway that is for the pods of the lab’s gateway. */
  readonly gateways: readonly string[];
}

/** The targets of a lab with the pods that there are. Pure. */
export function chainOf(lab: Lab, pods: readonly KubeObject[], gateways: readonly KubeObject[]): Chain {
  const planned = [
    ...PROXIED.map((workload) => {
      const { namespace, labels } = podsOf(lab, workload);
      return {
        name: `${namespace}/${lab.workloads[workload].serviceAccount}`,
        namespace,
        labels: labels ?? {},
      };
    }),
    ...ownServices(lab).map(({ id, identity, selector }) => ({
      name: `${identity.namespace}/${id}`,
      namespace: identity.namespace,
      labels: selector,
    })),
  ];
  const targets = planned.map(({ labels, ...target }) => ({
    ...target,
    labels: [
      labels,
      ...pods
        .filter(({ metadata }) => metadata.namespace === target.namespace)
        .map(({ metadata }) => metadata.labels ?? {})
        .filter((seen) => isSubset(labels, seen)),
    ],
  }));
  return {
    targets,
    services: lab.services,
    publicHosts: [lab.hosts.auth, ...lab.services.flatMap(({ host }) => host ?? [])],
    gateways: [
      gatewayRef(lab),
      ...gateways
        .filter((gateway) => isForGateway(gateway, targets))
        .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
    ],
  };
}

function isForGateway({ ['spec']: spec }: KubeObject, targets: readonly Target[]): boolean {
  const selector = typeof spec === 'object' && spec !== null && 'selector' in spec ? spec.selector : {};
  return gatewayTargets(targets).some(({ labels }) =>
    labels.some((own) => isSubset(asLabels(selector), own)),
  );
}

/** Those that are the lab’s gateway. */
export function gatewayTargets(targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ labels }) => labels.some((own) => isSubset(GATEWAY_SELECTOR, own)));
}

function asLabels(value: unknown): Labels {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : [])),
  );
}

export function isSubset(wanted: Labels, seen: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => seen[name] === value);
}

/** Targets that an object of this namespace selects; an object of Istio’s own namespace reaches all. Pure. */
export function selected(chain: Chain, namespace: string, selector: Labels | undefined): readonly Target[] {
  return chain.targets.filter(
    (target) =>
      (namespace === ISTIO_NAMESPACE || namespace === target.namespace) &&
      target.labels.some((labels) => isSubset(selector ?? {}, labels)),
  );
}

/** `apps/orders, backend/stock`. */
export function namesOf(targets: readonly Target[]): string {
  return targets.map(({ name }) => name).join(', ');
}

/**
 * Services of the lab that a host of an object means, and public names. A short name is of the namespace of the object;
 * `*` stands for any beginning. Pure.
 */
export function hostsMeant(chain: Chain, host: string, namespace: string): readonly string[] {
  const full = [...chain.services.map(clusterHost), ...chain.publicHosts];
  const wanted = host.includes('.') || host === '*' ? host : `${host}.${namespace}.svc.cluster.local`;
  const short = full.filter(
    (each) => each === `${host}.svc.cluster.local` || each === `${host}.cluster.local`,
  );
  const exact = wanted.startsWith('*')
    ? full.filter((each) => each.endsWith(wanted.slice(1)))
    : full.filter((each) => each === wanted);
  return [...new Set([...exact, ...short])];
}

/** Whether proxies of the chain see an object of this namespace. */
export function isExported(
  chain: Chain,
  namespace: string,
  exportTo: readonly string[] | undefined,
): boolean {
  if (exportTo === undefined || exportTo.length === 0) return true;
  const own = new Set(chain.targets.map((target) => target.namespace));
  return exportTo.some((to) => to === '*' || (to === '.' ? own.has(namespace) : own.has(to)));
}
