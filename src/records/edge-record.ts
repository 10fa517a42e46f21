import { z } from 'zod';
import { parseJson } from '../parse-json.ts';

/** What Caddy wrote about one request. */
export interface EdgeRecord {
  readonly meshdevId: string;
  readonly method: string;
  readonly host: string;
  readonly uri: string;
  readonly status: number;
  readonly clientIp: string;
  readonly userAgent?: string;
  /** `TLSv1.3` and so on; undefined on a plaintext request. */
  readonly tlsVersion?: string;
  readonly serverName?: string;
  readonly alpn?: string;
  /** Address that Caddy sent the request to; undefined when it answered by itself. */
  readonly upstream?: string;
  readonly upstreamLatencyMs?: number;
  /** Cause of a 5xx, from `handle_errors`. */
  readonly error?: string;
  readonly durationMs: number;
}

const TLS_VERSIONS: Readonly<Record<number, string>> = {
  769: 'TLSv1',
  770: 'TLSv1.1',
  771: 'TLSv1.2',
  772: 'TLSv1.3',
};

const line = z.object({
  msg: z.literal('handled request'),
  /** Missing where Caddy refuses before any directive of a site is run; it has given its id by then. */
  meshdev_id: z.string().optional(),
  uuid: z.string().optional(),
  status: z.number(),
  duration: z.number(),
  upstream: z.string().nullish(),
  upstream_latency_ms: z.union([z.number(), z.string()]).nullish(),
  edge_error: z.string().nullish(),
  user_agent: z.string().nullish(),
  request: z.object({
    client_ip: z.string(),
    method: z.string(),
    host: z.string(),
    uri: z.string(),
    tls: z.object({ version: z.number(), server_name: z.string(), proto: z.string() }).nullish(),
  }),
});

/** Access records of a Caddy JSON log; lines of other kinds are passed over. */
export function parseEdgeLog(text: string): readonly EdgeRecord[] {
  return text.split('\n').flatMap((row) => {
    const parsed = line.safeParse(parseJson(row));
    const meshdevId = parsed.data?.meshdev_id ?? parsed.data?.uuid;
    return parsed.success && meshdevId !== undefined ? [toRecord(meshdevId, parsed.data)] : [];
  });
}

function toRecord(meshdevId: string, { request, ...row }: z.infer<typeof line>): EdgeRecord {
  const latency = Number(row.upstream_latency_ms);
  const tlsVersion =
    request.tls == null
      ? undefined
      : (TLS_VERSIONS[request.tls.version] ?? `0x${request.tls.version.toString(16)}`);
  return {
    meshdevId,
    method: request.method,
    host: request.host,
    uri: request.uri,
    status: row.status,
    clientIp: request.client_ip,
    durationMs: row.duration * 1000,
    ...optionalAgent(row.user_agent),
    ...(tlsVersion === undefined ? {} : { tlsVersion }),
    ...(request.tls == null ? {} : { serverName: request.tls.server_name, alpn: request.tls.proto }),
    ...(row.upstream == null || row.upstream === '' ? {} : { upstream: row.upstream }),
    ...(Number.isFinite(latency) && row.upstream_latency_ms !== '' && row.upstream_latency_ms != null
      ? { upstreamLatencyMs: latency }
      : {}),
    ...(row.edge_error == null || row.edge_error === '' ? {} : { error: row.edge_error }),
  };
}

function optionalAgent(userAgent: string | null | undefined): { readonly userAgent?: string } {
  return userAgent == null || userAgent === '' ? {} : { userAgent };
}

/** The client left before its answer: how far the request got says nothing about anybody. */
export function isAbandoned({ status }: Pick<EdgeRecord, 'status'>): boolean {
  return status === 499;
}
