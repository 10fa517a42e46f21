import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy writes no record of what it refuses for its host',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(/(respond "421 Misdirected Request" 421\n\thandle_errors \{\n)/, '$1\t\tlog_skip\n'),
    ),
  extended: true,
  turns: { 'MD-EDGE-017': 'fail EDGE_UNRECORDED', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
