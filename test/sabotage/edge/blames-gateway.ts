import { changeCaddyfile } from '../support/caddy.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'edge',
  what: 'Caddy answers 502 to a body that breaks its own framing',
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.replaceAll(/^\s*respond @malformed .*$/gm, '')),
  turns: {
    'MD-EDGE-017': 'fail EDGE_ANSWERS_OTHERWISE',
    'MD-HDR-007': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
