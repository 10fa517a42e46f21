import { changeCaddyfile } from '../support/caddy.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'edge',
  what: 'Caddy answers 200 to hosts that it does not serve',
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace('respond "421 Misdirected Request" 421', 'respond 200'),
    ),
  turns: {
    'MD-EDGE-010': 'fail EDGE_NOT_MISDIRECTED',
    'MD-HDR-007': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
