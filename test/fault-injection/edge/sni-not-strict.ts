import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy does not compare SNI with Host',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace('strict_sni_host on', 'strict_sni_host insecure_off'),
    ),
  turns: { 'MD-EDGE-010': 'fail EDGE_NOT_MISDIRECTED', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
