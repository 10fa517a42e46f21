import type { IncomingMessage } from 'node:http';

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * Whether a request came for the issuer's own name. oidc-provider builds URLs from the name that the request
 * gives, and ends in a fault where that is none. The edge refuses other names already; this holds for
 * whoever comes past it.
 */
export function isForIssuer(issuer: string, { headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { protocol, hostname, host, port } = new URL(issuer);
  // The edge's word comes first, as it does for the provider.
  const asked = [headers['x-forwarded-host'] ?? headers.host ?? ''].flat().join(',').trim().toLowerCase();
  return asked === host || (port === '' && asked === `${hostname}:${DEFAULT_PORTS[protocol]}`);
}
