import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy keeps identity headers of clients with one User-Agent',
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replaceAll(
        /^(\s*)request_header -\*user\*$/gm,
        '$1@own not header User-Agent magic\n$1request_header @own -*user*',
      ),
    ),
  turns: { 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
  // Whoever reads the setting sees that the rule has a condition.
  mayTurn: ['MD-HDR-004', 'MD-HDR-010'],
  says: { 'MD-DRIFT-001': ['removes the header *user* only from requests for', 'magic'] },
};
