import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** Behind the comparison of SNI with Host nobody reaches the catch-all: only the configuration shows it. */
export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy’s catch-all answers 200',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace('respond "421 Misdirected Request" 421', 'respond 200'),
    ),
  extended: true,
  turns: { 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
