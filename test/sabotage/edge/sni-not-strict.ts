import { changeCaddyfile } from '../support/caddy.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'edge',
  what: 'Caddy does not compare SNI with Host',
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace('strict_sni_host on', 'strict_sni_host insecure_off'),
    ),
  turns: { 'MD-EDGE-010': 'fail EDGE_NOT_MISDIRECTED', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
