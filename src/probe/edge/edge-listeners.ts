import { z } from 'zod';
import { isRecord } from '../../cluster/differences.ts';
import { readAnswer } from '../../read-answer.ts';

const server = z.looseObject({
  listen: z.array(z.string()).default([]),
  tls_connection_policies: z.array(z.unknown()).default([]),
});
const running = z.looseObject({
  apps: z.looseObject({
    http: z.looseObject({
      servers: z.record(z.string(), server),
      http_port: z.number().optional(),
    }),
  }),
});

/** Pure: what Caddy’s servers listen on. Without connection policies and automatic HTTPS a server is plaintext. */
export function edgeListens(config: unknown): readonly { readonly listen: string; readonly tls: boolean }[] {
  const { servers } = readAnswer(running, config, 'reading the listeners of the edge').apps.http;
  return Object.values(servers).flatMap(({ listen, tls_connection_policies: policies }) =>
    listen.map((one) => ({ listen: one, tls: policies.length > 0 })),
  );
}

/** As Caddy’s JSON names curves, and as OpenSSL and Envoy do. */
const CURVES: Readonly<Record<string, string>> = {
  x25519mlkem768: 'X25519MLKEM768',
  x25519: 'X25519',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/** Pure: key exchange groups that the running configuration sets towards upstreams; empty: it sets none. */
export function edgeClientCurves(config: unknown): readonly string[] {
  return [...new Set(transports(config).flatMap(({ curves }) => curves))].map((name) => CURVES[name] ?? name);
}

const transport = z.object({
  protocol: z.literal('http'),
  tls: z.looseObject({ curves: z.array(z.string()).default([]) }),
});

function transports(node: unknown): readonly { readonly curves: readonly string[] }[] {
  if (Array.isArray(node)) return node.flatMap((each: unknown) => transports(each));
  if (!isRecord(node)) return [];
  const parsed = transport.safeParse(node);
  return parsed.success ? [parsed.data.tls] : Object.values(node).flatMap((each) => transports(each));
}
