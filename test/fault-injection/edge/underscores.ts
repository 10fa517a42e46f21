import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'a name with underscores goes on to the gateway, as Caddy before 2.11.5 let it',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(
        /^\t\theader_up X-Meshdev-Id .*$/m,
        (line) => `${line}\n\t\theader_up X_Forwarded_Client_Cert forged`,
      ),
    ),
  extended: true,
  turns: { 'MD-HDR-005': 'fail HDR_ALIAS_ARRIVED', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
