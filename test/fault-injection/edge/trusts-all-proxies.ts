import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy believes every client about its address',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(
        'strict_sni_host on',
        'strict_sni_host on\n\t\ttrusted_proxies static 0.0.0.0/0 ::/0',
      ),
    ),
  extended: true,
  turns: { 'MD-HDR-001': 'fail HDR_NOT_THE_EDGES', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
