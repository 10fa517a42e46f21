import { z } from 'zod';
import type { Socket } from '../../evidence/proxies.ts';

const sds = z.looseObject({ name: z.string().optional() });
const matcher = z.looseObject({
  exact: z.string().optional(),
  prefix: z.string().optional(),
  suffix: z.string().optional(),
  contains: z.string().optional(),
});
const validation = z.looseObject({ match_subject_alt_names: z.array(matcher).default([]) });
const common = z.looseObject({
  tls_params: z
    .looseObject({
      tls_minimum_protocol_version: z.string().optional(),
      tls_maximum_protocol_version: z.string().optional(),
      cipher_suites: z.array(z.string()).default([]),
      ecdh_curves: z.array(z.string()).default([]),
    })
    .optional(),
  alpn_protocols: z.array(z.string()).default([]),
  tls_certificate_sds_secret_configs: z.array(sds).default([]),
  combined_validation_context: z
    .looseObject({
      default_validation_context: validation.optional(),
      validation_context_sds_secret_config: sds.optional(),
    })
    .optional(),
  validation_context_sds_secret_config: sds.optional(),
});

/** A transport socket of a listener or a cluster. */
export const socketShape = z.looseObject({
  name: z.string(),
  typed_config: z
    .looseObject({
      common_tls_context: common.optional(),
      require_client_certificate: z.boolean().optional(),
      sni: z.string().optional(),
    })
    .optional(),
});

/** Whatever has no TLS context is plaintext: `raw_buffer`, or no socket at all. */
export function toSocket(socket: z.infer<typeof socketShape> | undefined): Socket {
  const config = socket?.typed_config;
  const tls = config?.common_tls_context;
  if (config === undefined || tls === undefined) return { kind: 'plaintext' };
  const { tls_params: params, combined_validation_context: combined } = tls;
  return {
    kind: 'tls',
    ...version('minVersion', params?.tls_minimum_protocol_version),
    ...version('maxVersion', params?.tls_maximum_protocol_version),
    ciphers: params?.cipher_suites ?? [],
    groups: params?.ecdh_curves ?? [],
    alpn: tls.alpn_protocols,
    certificates: tls.tls_certificate_sds_secret_configs.flatMap(({ name }) => name ?? []),
    anchors:
      combined?.validation_context_sds_secret_config?.name ?? tls.validation_context_sds_secret_config?.name,
    peerNames: (combined?.default_validation_context?.match_subject_alt_names ?? []).map(matcherText),
    requiresClientCertificate: config.require_client_certificate === true,
    ...(config.sni === undefined ? {} : { sni: config.sni }),
  };
}

function matcherText(match: z.infer<typeof matcher>): string {
  const [how, what] = Object.entries(match).find(([, value]) => typeof value === 'string') ?? ['pattern', ''];
  return `${how} ${String(what)}`;
}

/** `TLSv1_3` as Node.js, Caddy and the access log write it; `TLS_AUTO` is no word at all. */
function version<K extends string>(key: K, value: string | undefined): { readonly [Key in K]?: string } {
  const set: { [Key in K]?: string } = {};
  if (value !== undefined && value !== 'TLS_AUTO')
    set[key] = value.replace('_', '.').replace('TLSv1.0', 'TLSv1');
  return set;
}
