import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy leaves x-envoy-* of a client on the request',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.replaceAll(/^\s*request_header -\*envoy\*$/gm, '')),
  turns: {
    'MD-HDR-003': 'fail HDR_NOT_STRIPPED',
    'MD-HDR-010': 'fail HDR_IDENTITY_ARRIVED',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
