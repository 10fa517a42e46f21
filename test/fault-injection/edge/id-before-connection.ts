import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy sets the id before it reads the header Connection',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile
        .replaceAll('header_up X-Meshdev-Id {http.request.uuid}', '')
        .replace(
          'request_header -X-Request-Id',
          'request_header X-Meshdev-Id {http.request.uuid}\n\trequest_header -X-Request-Id',
        ),
    ),
  extended: true,
  turns: { 'MD-HDR-006': 'fail HDR_ID_LOST', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
