import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy dials a name of the gateway that nobody has',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(`https://${bench.lab.cluster.node}:`, 'https://nobody.invalid:'),
    ),
  extended: true,
  turns: {
    'MD-EGW-001': 'fail EGW_NAME_UNKNOWN',
    'MD-NAME-004': 'fail EGW_NAME_STALE',
    'MD-WRK-001': 'fail WRK_CHAIN_BROKEN',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
