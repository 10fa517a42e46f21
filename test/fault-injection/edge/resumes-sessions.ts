import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy gives session tickets, as it does by itself: those of one name are good for all',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.replace(/^\t\tclient_auth \{\n\t\t\}\n/m, '')),
  turns: { 'MD-EDGE-018': 'fail EDGE_RESUMES_ACROSS', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
