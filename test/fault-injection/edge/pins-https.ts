import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy binds browsers to HTTPS for a day',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(
        '\theader >X-Meshdev-Id {http.request.uuid}',
        (line) => `${line}\n\theader >Strict-Transport-Security max-age=86400`,
      ),
    ),
  extended: true,
  turns: { 'MD-EDGE-019': 'fail EDGE_PINS_HTTPS', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
