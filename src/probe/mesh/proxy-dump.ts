import { z } from 'zod';
import { isRecord } from '../../cluster/differences.ts';
import type { ProxySecret, ProxySeen, RejectedUpdate, VirtualHost } from '../../evidence/proxies.ts';
import { listenerShape, toListener } from './proxy-listeners.ts';
import { socketShape, toSocket } from './proxy-sockets.ts';
import { readAnswer, readJsonAnswer } from '../../read-answer.ts';

/** What one `config_dump` says; keys are redacted by Envoy itself. */
export type DumpFacts = Pick<
  ProxySeen,
  'istioVersion' | 'envoyVersion' | 'listeners' | 'clusters' | 'routes' | 'secrets' | 'policies' | 'rejected'
>;

/** What a proxy never took has no name but that in what it refused. */
const failure = z.looseObject({
  details: z.string().default('refused'),
  failed_configuration: z.looseObject({ name: z.string().optional() }).optional(),
});

const dynamicListener = z.looseObject({
  name: z.string().optional(),
  active_state: z.looseObject({ listener: listenerShape }).optional(),
  error_state: failure.optional(),
});

/** istiod writes there which object something was made from. */
const metadata = z
  .looseObject({
    filter_metadata: z
      .looseObject({ istio: z.looseObject({ config: z.string().optional() }).optional() })
      .optional(),
  })
  .optional();

const cluster = z.looseObject({
  name: z.string(),
  type: z.string().optional(),
  metadata,
  transport_socket: socketShape.optional(),
  transport_socket_matches: z
    .array(
      z.looseObject({
        match: z.record(z.string(), z.unknown()).default({}),
        transport_socket: socketShape.optional(),
      }),
    )
    .optional(),
});

const dynamicCluster = z.looseObject({ cluster: cluster.optional(), error_state: failure.optional() });

const route = z.looseObject({
  metadata,
  match: z
    .looseObject({
      prefix: z.string().optional(),
      path: z.string().optional(),
      path_separated_prefix: z.string().optional(),
    })
    .default({}),
  route: z
    .looseObject({
      cluster: z.string().optional(),
      prefix_rewrite: z.string().optional(),
      regex_rewrite: z.unknown().optional(),
      host_rewrite_literal: z.string().optional(),
    })
    .optional(),
});

const routeConfig = z.looseObject({
  name: z.string().default(''),
  virtual_hosts: z
    .array(z.looseObject({ domains: z.array(z.string()).default([]), routes: z.array(route).default([]) }))
    .default([]),
});

const bytes = z.looseObject({ inline_bytes: z.string().optional() });
const secret = z.looseObject({
  name: z.string(),
  secret: z
    .looseObject({
      tls_certificate: z.looseObject({ certificate_chain: bytes.optional() }).optional(),
      validation_context: z.looseObject({ trusted_ca: bytes.optional() }).optional(),
    })
    .optional(),
  error_state: failure.optional(),
});

const none = <T extends z.ZodType>(of: T) => z.array(of).default([]);

const section = z.looseObject({
  bootstrap: z
    .looseObject({
      node: z.looseObject({
        metadata: z.looseObject({ ISTIO_VERSION: z.string().optional() }).default({}),
        user_agent_build_version: z
          .looseObject({
            version: z.record(z.string(), z.number()).optional(),
          })
          .optional(),
      }),
    })
    .optional(),
  static_listeners: none(z.looseObject({ listener: listenerShape })),
  dynamic_listeners: none(dynamicListener),
  dynamic_active_clusters: none(dynamicCluster),
  dynamic_warming_clusters: none(dynamicCluster),
  dynamic_route_configs: none(
    z.looseObject({ route_config: routeConfig.optional(), error_state: failure.optional() }),
  ),
  dynamic_active_secrets: none(secret),
  dynamic_warming_secrets: none(secret),
});

const dump = z.looseObject({ configs: z.array(section) });

/** @throws MeshdevError ANSWER_UNREADABLE where the text is no configuration dump of an Envoy */
export function readDump(text: string): DumpFacts {
  const doing = 'reading the configuration dump of a proxy';
  const json = readJsonAnswer(z.unknown(), text, doing);
  const { configs } = readAnswer(dump, json, doing);
  const node = configs.flatMap(({ bootstrap }) => bootstrap?.node ?? [])[0];
  const version = node?.user_agent_build_version?.version;
  return {
    istioVersion: node?.metadata.ISTIO_VERSION,
    envoyVersion:
      version === undefined
        ? undefined
        : ['major_number', 'minor_number', 'patch'].map((part) => version[part] ?? 0).join('.'),
    listeners: configs.flatMap((each) => [
      ...each.static_listeners.map(({ listener }) => toListener(listener)),
      ...each.dynamic_listeners.flatMap(({ active_state: active }) =>
        active === undefined ? [] : [toListener(active.listener)],
      ),
    ]),
    clusters: configs.flatMap((each) =>
      each.dynamic_active_clusters.flatMap((one) =>
        one.cluster === undefined ? [] : [toCluster(one.cluster)],
      ),
    ),
    routes: configs.flatMap((each) =>
      each.dynamic_route_configs.flatMap(({ route_config: config }) =>
        config === undefined ? [] : [{ name: config.name, hosts: config.virtual_hosts.map(toHost) }],
      ),
    ),
    secrets: configs.flatMap((each) => [
      ...each.dynamic_active_secrets.map((one) => toSecret(one, 'active')),
      ...each.dynamic_warming_secrets.map((one) => toSecret(one, 'warming')),
    ]),
    policies: [...new Set(policyNames(json))],
    rejected: configs.flatMap(rejectedOf),
  };
}

function toCluster({
  name,
  type,
  metadata: from,
  transport_socket: only,
  transport_socket_matches: matches,
}: z.infer<typeof cluster>) {
  const sockets = matches?.map(({ match, transport_socket: socket }) => ({
    tlsMode: typeof match['tlsMode'] === 'string' ? match['tlsMode'] : 'any',
    socket: toSocket(socket),
  }));
  return { name, type, ...ruleOf(from), sockets: sockets ?? [{ tlsMode: 'any', socket: toSocket(only) }] };
}

const KINDS: Readonly<Record<string, string>> = {
  'destination-rule': 'DestinationRule',
  'virtual-service': 'VirtualService',
};

/** `/apis/networking.istio.io/v1/namespaces/apps/destination-rule/orders` is `DestinationRule apps/orders`. */
function ruleOf(from: z.infer<typeof metadata>): { readonly rule?: string } {
  const path = from?.filter_metadata?.istio?.config ?? '';
  const [, namespace, kind, name] = /\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  return kind === undefined ? {} : { rule: `${KINDS[kind] ?? kind} ${namespace}/${name}` };
}

function toHost({ domains, routes }: z.infer<typeof routeConfig>['virtual_hosts'][number]): VirtualHost {
  return {
    domains,
    routes: routes.map(({ metadata: from, match, route: action }) => ({
      ...ruleOf(from),
      cluster: action?.cluster,
      path: match.prefix ?? match.path ?? match.path_separated_prefix ?? '(other)',
      rewritesPath:
        action?.prefix_rewrite ?? (action?.regex_rewrite === undefined ? undefined : '(regular expression)'),
      rewritesHost: action?.host_rewrite_literal,
    })),
  };
}

function toSecret({ name, secret: held }: z.infer<typeof secret>, state: ProxySecret['state']): ProxySecret {
  const chain = decode(held?.tls_certificate?.certificate_chain?.inline_bytes);
  const anchors = decode(held?.validation_context?.trusted_ca?.inline_bytes);
  return {
    name,
    state,
    ...(chain === undefined ? {} : { chainPem: chain }),
    ...(anchors === undefined ? {} : { anchorsPem: anchors }),
  };
}

function decode(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
}

function rejectedOf(each: z.infer<typeof section>): readonly RejectedUpdate[] {
  const failures = [
    ...each.dynamic_listeners.map(({ name, error_state: error }) => ({
      resource: `listener ${name ?? error?.failed_configuration?.name ?? '(unnamed)'}`,
      error,
    })),
    ...[...each.dynamic_active_clusters, ...each.dynamic_warming_clusters].map((one) => ({
      resource: `cluster ${one.cluster?.name ?? '(unnamed)'}`,
      error: one.error_state,
    })),
    ...each.dynamic_route_configs.map(({ route_config: config, error_state: error }) => ({
      resource: `routes ${config?.name ?? '(unnamed)'}`,
      error,
    })),
    ...[...each.dynamic_active_secrets, ...each.dynamic_warming_secrets].map((one) => ({
      resource: `secret ${one.name}`,
      error: one.error_state,
    })),
  ];
  return failures.flatMap(({ resource, error }) =>
    error === undefined ? [] : [{ resource, reason: error.details }],
  );
}

/** Keys of every `policies` below an RBAC filter, HTTP or network; each chain repeats them. */
function policyNames(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => policyNames(item));
  if (!isRecord(value)) return [];
  const type = value['@type'];
  const rules = value['rules'];
  if (typeof type === 'string' && type.endsWith('.RBAC') && isRecord(rules) && isRecord(rules['policies']))
    return Object.keys(rules['policies']);
  return Object.values(value).flatMap((item) => policyNames(item));
}
