import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy answers 502 to a body that breaks its own framing',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.replaceAll(/^\s*respond @malformed .*$/gm, '')),
  turns: {
    'MD-EDGE-017': 'fail EDGE_ANSWERS_OTHERWISE',
    'MD-HDR-007': 'fail REFUSED_FOR_OTHER_REASON',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
