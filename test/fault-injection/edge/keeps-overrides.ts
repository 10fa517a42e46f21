import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy leaves X-Http-Method-Override of a client on the request',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.replaceAll(/^\s*request_header -X-Http-Method\*$/gm, '')),
  extended: true,
  turns: { 'MD-HDR-006': 'fail HDR_OVERRIDE_ARRIVED', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
