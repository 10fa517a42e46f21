import { z } from 'zod';
import { type Chain, gatewayTargets, hostsMeant, isExported, isSubset, namesOf } from './chain.ts';
import { defineEffect } from './effect.ts';

const texts = z.array(z.string()).default([]);
const destination = z.looseObject({ destination: z.looseObject({ host: z.string() }) });
const http = z.looseObject({
  match: z.array(z.looseObject({})).default([]),
  route: z.array(destination).default([]),
  mirror: z.looseObject({ host: z.string() }).optional(),
  redirect: z.looseObject({}).optional(),
  directResponse: z.looseObject({}).optional(),
});
type Http = z.infer<typeof http>;

export const VIRTUAL_SERVICE = defineEffect(
  z.looseObject({
    hosts: texts,
    gateways: z.array(z.string()).default(['mesh']),
    exportTo: z.array(z.string()).optional(),
    http: z.array(http).default([]),
    tcp: z.array(z.looseObject({ route: z.array(destination).default([]) })).default([]),
    tls: z.array(z.looseObject({ route: z.array(destination).default([]) })).default([]),
  }),
  ({ hosts, gateways, exportTo, http: rules, tcp, tls }, { namespace, chain }) => {
    const atGateway = gateways.some((name) =>
      chain.gateways.includes(name.includes('/') ? name : `${namespace}/${name}`),
    );
    const meant = hosts.flatMap((host) => hostsMeant(chain, host, namespace));
    const inMesh = gateways.includes('mesh') && meant.length > 0 && isExported(chain, namespace, exportTo);
    if (!atGateway && !inMesh) return undefined;
    const others = [...tcp, ...tls].flatMap(({ route }) => route.map((each) => each.destination.host));
    const ways = [
      ...rules.map(httpText),
      ...(others.length === 0 ? [] : [`every connection to ${others.join(', ')}`]),
    ];
    const where = [...(atGateway ? ['at the gateway'] : []), ...(inMesh ? ['at every sidecar'] : [])];
    return `leads requests for ${(inMesh ? meant : hosts).join(', ')} ${where.join(' and ')} elsewhere: ${ways.join('; ') || 'nowhere'}`;
  },
);

function httpText({ match, route, mirror, redirect, directResponse }: Http): string {
  const which = match.length === 0 ? 'every request' : match.map((each) => JSON.stringify(each)).join(' or ');
  const to = [
    ...route.map((each) => each.destination.host),
    ...(mirror === undefined ? [] : [`a copy to ${mirror.host}`]),
    ...(redirect === undefined ? [] : ['a redirect']),
    ...(directResponse === undefined ? [] : ['an answer of the proxy']),
  ];
  return `${which} to ${to.join(', ') || 'nothing'}`;
}

export const DESTINATION_RULE = defineEffect(
  z.looseObject({
    host: z.string().default(''),
    exportTo: z.array(z.string()).optional(),
    trafficPolicy: z
      .looseObject({ tls: z.looseObject({ mode: z.string().default('DISABLE') }).optional() })
      .optional(),
    subsets: z.array(z.looseObject({ name: z.string() })).default([]),
  }),
  ({ host, exportTo, trafficPolicy, subsets }, { namespace, chain }) => {
    const meant = hostsMeant(chain, host, namespace);
    if (meant.length === 0 || !isExported(chain, namespace, exportTo)) return undefined;
    const tls = trafficPolicy?.tls;
    const names = tls?.['subjectAltNames'];
    const does = [
      ...(tls === undefined ? [] : [`TLS mode ${tls.mode}`]),
      ...(Array.isArray(names) ? [`servers named ${names.join(', ')}`] : []),
      ...(subsets.length === 0 ? [] : [`subsets ${subsets.map(({ name }) => name).join(', ')}`]),
    ];
    return `decides how proxies connect to ${meant.join(', ')}: ${does.join(', ') || 'load balancing and limits'}`;
  },
);

export const SERVICE_ENTRY = defineEffect(
  z.looseObject({
    hosts: texts,
    exportTo: z.array(z.string()).optional(),
    endpoints: z.array(z.looseObject({ address: z.string().default('') })).default([]),
    workloadSelector: z.looseObject({}).optional(),
  }),
  ({ hosts, exportTo, endpoints, workloadSelector }, { namespace, chain }) => {
    const meant = hosts.flatMap((host) => hostsMeant(chain, host, namespace));
    if (meant.length === 0 || !isExported(chain, namespace, exportTo)) return undefined;
    const by = endpoints.map(({ address }) => address);
    const who =
      by.length > 0 ? by.join(', ') : workloadSelector === undefined ? 'any address' : 'other workloads';
    return `lets ${who} answer for ${meant.join(', ')}`;
  },
);

export const WORKLOAD_ENTRY = defineEffect(
  z.looseObject({
    address: z.string().default('an address'),
    labels: z.record(z.string(), z.string()).default({}),
    serviceAccount: z.string().optional(),
  }),
  ({ address, labels, serviceAccount }, { namespace, chain }) => {
    const served = chain.services
      .filter(({ identity, selector }) => identity.namespace === namespace && isSubset(selector, labels))
      .map(({ id }) => `${namespace}/${id}`);
    const account = chain.services.find(
      ({ identity }) => identity.namespace === namespace && identity.serviceAccount === serviceAccount,
    );
    if (served.length === 0 && account === undefined) return undefined;
    return `lets ${address} answer as a pod of ${served.join(', ') || `${namespace}/${account?.id ?? ''}`}`;
  },
);

export const GATEWAY = defineEffect(
  z.looseObject({
    selector: z.record(z.string(), z.string()).default({}),
    servers: z
      .array(
        z.looseObject({
          port: z.looseObject({ number: z.number(), protocol: z.string().default('') }),
          hosts: texts,
          tls: z.looseObject({ mode: z.string().default('') }).optional(),
        }),
      )
      .default([]),
  }),
  ({ selector, servers }, { chain }) => {
    const targets = gatewayTargets(chain.targets).filter(({ labels }) =>
      labels.some((own) => isSubset(selector, own)),
    );
    if (targets.length === 0) return undefined;
    const opened = servers.map(
      ({ port, hosts, tls }) =>
        `port ${port.number} (${port.protocol}${tls === undefined ? ', without TLS' : `, TLS mode ${tls.mode}`}) for ${hosts.join(', ')}`,
    );
    return `opens ${opened.join('; ') || 'nothing'} at ${namesOf(targets)}`;
  },
);

const reference = z.looseObject({
  kind: z.string().optional(),
  name: z.string(),
  namespace: z.string().optional(),
});

/** Routes of Kubernetes’ API lead to services of other namespaces too. */
export const KUBERNETES_ROUTE = defineEffect(
  z.looseObject({
    parentRefs: z.array(reference).default([]),
    rules: z.array(z.looseObject({ backendRefs: z.array(reference).default([]) })).default([]),
  }),
  ({ parentRefs, rules }, { namespace, chain }) => {
    const of = ({ name, namespace: where = namespace }: z.infer<typeof reference>): string =>
      `${where}/${name}`;
    const backends = rules.flatMap(({ backendRefs }) => backendRefs.map(of));
    const parents = parentRefs.filter(({ kind }) => kind === 'Service').map(of);
    const touched = [...servicesIn(chain, backends), ...servicesIn(chain, parents)];
    return touched.length === 0
      ? undefined
      : `routes requests of or to ${[...new Set(touched)].join(', ')} to ${backends.join(', ') || 'nothing'}`;
  },
);

function servicesIn({ services }: Chain, names: readonly string[]): readonly string[] {
  return services
    .map(({ id, identity }) => `${identity.namespace}/${id}`)
    .filter((name) => names.includes(name));
}
