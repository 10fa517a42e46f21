import { z } from 'zod';

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

/** Hops whose TLS session somebody records. */
const TLS_HOPS = ['client->edge', 'edge->gateway', 'gateway->sidecar'] as const;
export type PolicyHop = (typeof TLS_HOPS)[number];

const KEY_TYPES = ['P-256', 'P-384', 'P-521', 'Ed25519', 'RSA-2048', 'RSA-3072', 'RSA-4096'] as const;

const age = z.string().regex(/^[1-9]\d{0,4}[hd]$/, 'must be in hours or days, such as 12h or 90d');
const listener = z
  .string()
  .regex(
    /^(?:\[[0-9a-fA-F:]+\]|\d{1,3}(?:\.\d{1,3}){3}):(?:\d{1,5}|\*)$/,
    'must be address:port, such as 127.0.0.1:443 or 127.0.0.1:*',
  );

/** `policy:` of meshdev.yaml: what the lab has to hold to, whatever it was made with. */
export const policySchema = z.strictObject({
  minTlsVersion: z.partialRecord(z.enum(TLS_HOPS), z.enum(VERSIONS)).optional(),
  maxCertificateAge: age.optional(),
  keyTypes: z.array(z.enum(KEY_TYPES)).min(1, 'must have at least one entry').optional(),
  alpn: z
    .partialRecord(
      z.enum(['client->edge']),
      z.array(z.string().min(1)).min(1, 'must have at least one entry'),
    )
    .optional(),
  listeners: z.array(listener).min(1, 'must have at least one entry').optional(),
});

export type PolicyValues = z.infer<typeof policySchema>;

/** One line of the policy and where it stands: `meshdev.yaml:7:20`. */
export type PolicyRule = { readonly at: string } & (
  | { readonly kind: 'min-tls'; readonly hop: PolicyHop; readonly floor: (typeof VERSIONS)[number] }
  | { readonly kind: 'certificate-age'; readonly maxMs: number; readonly text: string }
  | { readonly kind: 'key-types'; readonly allowed: readonly string[] }
  | { readonly kind: 'alpn'; readonly required: readonly string[] }
  | { readonly kind: 'listeners'; readonly allowed: readonly string[] }
);

/** The rules of a policy in the order of its keys; `place` tells where a key's value stands. */
export function policyRules(
  values: PolicyValues,
  place: (path: readonly string[]) => string,
): readonly PolicyRule[] {
  const { minTlsVersion = {}, maxCertificateAge, keyTypes, alpn, listeners } = values;
  const at = (...path: readonly string[]): { readonly at: string } => ({ at: place(['policy', ...path]) });
  const required = alpn?.['client->edge'];
  return [
    ...TLS_HOPS.flatMap((hop): PolicyRule[] => {
      const floor = minTlsVersion[hop];
      return floor === undefined ? [] : [{ kind: 'min-tls', hop, floor, ...at('minTlsVersion', hop) }];
    }),
    ...(maxCertificateAge === undefined
      ? []
      : [
          {
            kind: 'certificate-age',
            maxMs: milliseconds(maxCertificateAge),
            text: maxCertificateAge,
            ...at('maxCertificateAge'),
          } as const,
        ]),
    ...(keyTypes === undefined ? [] : [{ kind: 'key-types', allowed: keyTypes, ...at('keyTypes') } as const]),
    ...(required === undefined ? [] : [{ kind: 'alpn', required, ...at('alpn', 'client->edge') } as const]),
    ...(listeners === undefined
      ? []
      : [{ kind: 'listeners', allowed: listeners, ...at('listeners') } as const]),
  ];
}

function milliseconds(text: string): number {
  return Number(text.slice(0, -1)) * 3_600_000 * (text.endsWith('d') ? 24 : 1);
}
