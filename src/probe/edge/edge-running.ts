import { z } from 'zod';
import type { EdgeRunning, EdgeUpstream } from '../../evidence/edge-state.ts';
import { edgeDrift, type EdgeConfig } from '../../edge/running-config.ts';
import type { Lab } from '../../topology/lab.ts';
import { readAnswer } from '../../read-answer.ts';

const transport = z.looseObject({
  protocol: z.string().optional(),
  tls: z
    .looseObject({
      server_name: z.string().optional(),
      insecure_skip_verify: z.boolean().optional(),
      ca: z.looseObject({ provider: z.string() }).optional(),
      client_certificate_file: z.string().optional(),
    })
    .optional(),
});

const proxy = z.looseObject({
  handler: z.literal('reverse_proxy'),
  upstreams: z.array(z.looseObject({ dial: z.string() })),
  transport: transport.optional(),
});

const server = z.looseObject({
  routes: z.array(z.unknown()).default([]),
  strict_sni_host: z.boolean().optional(),
});

const running = z.looseObject({
  apps: z.looseObject({ http: z.looseObject({ servers: z.record(z.string(), server) }) }),
});

/** Caddy's running configuration as far as trust depends on it. */
export function edgeRunningOf(config: EdgeConfig, lab: Lab): EdgeRunning {
  const { apps } = readAnswer(running, config.running, 'reading the running configuration of the edge');
  const servers = Object.values(apps.http.servers);
  const drift = edgeDrift(config, lab);
  return {
    upstreams: servers.flatMap(({ routes }) => upstreamsOf(routes, [])),
    strictSni: servers.every((each) => each.strict_sni_host === true),
    ...(drift === undefined ? {} : { drift }),
  };
}

/** Walks nested routes; a host matcher holds for everything below it. */
function upstreamsOf(node: unknown, hosts: readonly string[]): readonly EdgeUpstream[] {
  if (Array.isArray(node)) return node.flatMap((each) => upstreamsOf(each, hosts));
  if (typeof node !== 'object' || node === null) return [];
  const parsed = proxy.safeParse(node);
  if (parsed.success)
    return (hosts.length === 0 ? ['*'] : hosts).map((host) => toUpstream(host, parsed.data));
  const inner = hostsOf(node);
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'match' ? [] : upstreamsOf(value, inner.length > 0 ? inner : hosts),
  );
}

const matcher = z.object({ match: z.array(z.looseObject({ host: z.array(z.string()).optional() })) });

function hostsOf(route: object): readonly string[] {
  const parsed = matcher.safeParse(route);
  return parsed.success ? parsed.data.match.flatMap((match) => match.host ?? []) : [];
}

function toUpstream(host: string, { upstreams, transport: way }: z.infer<typeof proxy>): EdgeUpstream {
  const tls = way?.tls;
  return {
    host,
    dial: upstreams.map((upstream) => upstream.dial),
    tls: tls !== undefined,
    serverName: tls?.server_name,
    skipVerify: tls?.insecure_skip_verify === true,
    anchors: tls?.ca !== undefined,
    clientCertificate: tls?.client_certificate_file !== undefined,
  };
}
