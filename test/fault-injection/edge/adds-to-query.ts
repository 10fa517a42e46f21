import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy adds a parameter to every query',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace('\treverse_proxy https:', '\turi query +campaign autumn\n\treverse_proxy https:'),
    ),
  extended: true,
  turns: {
    'MD-CONT-006': 'fail CONT_NOT_ONCE',
    'MD-HDR-009': 'fail HDR_PATH_OTHERWISE',
    'MD-CONT-005': 'fail CONT_REWRITTEN',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
