import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy does not verify the gateway',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(/tls_trust_pool file \S+/, 'tls_insecure_skip_verify'),
    ),
  turns: {
    'MD-EGW-002': 'fail EGW_SKIP_VERIFY',
    'MD-EGW-013': 'fail EGW_BAD_GATEWAY_ACCEPTED',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
