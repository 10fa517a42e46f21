import { z } from 'zod';
import type { FilterChain, HttpManager, ProxyListener } from '../../evidence/proxies.ts';
import { rbacFilter } from './rbac-filter.ts';
import { socketShape, toSocket } from './proxy-sockets.ts';

const filter = z.looseObject({ name: z.string(), typed_config: z.unknown().optional() });

const chain = z.looseObject({
  name: z.string().optional(),
  filter_chain_match: z
    .looseObject({
      destination_port: z.number().optional(),
      transport_protocol: z.string().optional(),
      server_names: z.array(z.string()).default([]),
      application_protocols: z.array(z.string()).default([]),
    })
    .optional(),
  filters: z.array(filter).default([]),
  transport_socket: socketShape.optional(),
});

export const listenerShape = z.looseObject({
  name: z.string().default(''),
  address: z
    .looseObject({
      socket_address: z.looseObject({ address: z.string(), port_value: z.number().default(0) }).optional(),
    })
    .optional(),
  traffic_direction: z.string().optional(),
  filter_chains: z.array(chain).default([]),
  default_filter_chain: chain.optional(),
});

const manager = z.looseObject({
  '@type': z.string().endsWith('.HttpConnectionManager'),
  forward_client_cert_details: z.string().optional(),
  xff_num_trusted_hops: z.number().default(0),
  use_remote_address: z.boolean().default(false),
  normalize_path: z.boolean().default(false),
  merge_slashes: z.boolean().default(false),
  path_with_escaped_slashes_action: z.string().optional(),
  rds: z.looseObject({ route_config_name: z.string() }).optional(),
  http_filters: z.array(filter).default([]),
});

export function toListener(listener: z.infer<typeof listenerShape>): ProxyListener {
  const { name, address, traffic_direction: direction, default_filter_chain: last } = listener;
  return {
    name,
    address: address?.socket_address?.address ?? '',
    port: address?.socket_address?.port_value ?? 0,
    direction: direction === 'INBOUND' ? 'inbound' : direction === 'OUTBOUND' ? 'outbound' : 'unspecified',
    chains: [
      ...listener.filter_chains.map((each) => toChain(each, false)),
      ...(last === undefined ? [] : [toChain(last, true)]),
    ],
  };
}

function toChain(
  { name, filter_chain_match: match, filters, transport_socket: socket }: z.infer<typeof chain>,
  isDefault: boolean,
): FilterChain {
  const port = match?.destination_port;
  const transport = match?.transport_protocol;
  return {
    name,
    isDefault,
    match: {
      serverNames: match?.server_names ?? [],
      applicationProtocols: match?.application_protocols ?? [],
      ...(port === undefined ? {} : { destinationPort: port }),
      ...(transport === undefined ? {} : { transportProtocol: transport }),
    },
    socket: toSocket(socket),
    filters: filters.map((each) => each.name),
    http: filters.flatMap(({ typed_config: config }) => managerOf(config))[0],
    rbac: filters.flatMap(({ typed_config: config }) => rbacFilter(config)),
  };
}

function managerOf(config: unknown): readonly HttpManager[] {
  const parsed = manager.safeParse(config);
  if (!parsed.success) return [];
  const { data } = parsed;
  return [
    {
      forwardClientCert: data.forward_client_cert_details,
      trustedHops: data.xff_num_trusted_hops,
      useRemoteAddress: data.use_remote_address,
      normalizePath: data.normalize_path,
      mergeSlashes: data.merge_slashes,
      escapedSlashes: data.path_with_escaped_slashes_action,
      routes: data.rds?.route_config_name,
      filters: data.http_filters.map(({ name }) => name),
      rbac: data.http_filters.flatMap(({ typed_config: typed }) => rbacFilter(typed)),
    },
  ];
}
