import { z } from 'zod';
import { isRecord } from '../../cluster/differences.ts';
import type { Rewrite } from '../../evidence/cluster-state.ts';

/** What leaves the request as it came; Caddy would else name an https upstream itself. */
const AS_CAME = new Set(['{http.request.hostport}', '{http.request.host}']);

const matched = z.looseObject({
  match: z.array(z.looseObject({ host: z.array(z.string()).optional() })),
});
const handler = z.looseObject({
  handler: z.string(),
  uri: z.string().optional(),
  strip_path_prefix: z.string().optional(),
  strip_path_suffix: z.string().optional(),
  uri_substring: z.unknown().optional(),
  path_regexp: z.unknown().optional(),
  rewrite: z.unknown().optional(),
  headers: z
    .looseObject({ request: z.looseObject({ set: z.record(z.string(), z.array(z.string())) }).optional() })
    .optional(),
});

/** Pure: how Caddy’s running configuration changes requests for a host before it hands them on. */
export function edgeRewrites(
  node: unknown,
  host: string,
  within: readonly string[] = [],
): readonly Rewrite[] {
  if (Array.isArray(node)) return node.flatMap((each: unknown) => edgeRewrites(each, host, within));
  if (!isRecord(node)) return [];
  const parsed = matched.safeParse(node);
  const hosts = parsed.success ? parsed.data.match.flatMap((match) => match.host ?? []) : [];
  const inner = hosts.length > 0 ? hosts : within;
  const own = handler.safeParse(node);
  const here = own.success && inner.includes(host) ? rewritesOf(own.data) : [];
  const below = Object.entries(node).flatMap(([key, value]) =>
    key === 'match' ? [] : edgeRewrites(value, host, inner),
  );
  return [...here, ...below];
}

function rewritesOf(one: z.infer<typeof handler>): readonly Rewrite[] {
  const path =
    one.handler === 'rewrite'
      ? (one.uri ?? one.strip_path_prefix ?? one.strip_path_suffix ?? '(pattern)')
      : one.handler === 'reverse_proxy' && one.rewrite !== undefined
        ? '(rewrite of the proxy)'
        : undefined;
  const sets = one.handler === 'reverse_proxy' ? one.headers?.request?.set['Host']?.[0] : undefined;
  return [
    ...(path === undefined ? [] : [{ of: 'path' as const, to: path }]),
    ...(sets === undefined || AS_CAME.has(sets) ? [] : [{ of: 'host' as const, to: sets }]),
  ];
}
