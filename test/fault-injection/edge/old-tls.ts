import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy speaks TLS 1.2 too',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.replace('protocols tls1.3', 'protocols tls1.2 tls1.3')),
  turns: { 'MD-EDGE-008': 'fail EDGE_TLS_TOO_OLD', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
