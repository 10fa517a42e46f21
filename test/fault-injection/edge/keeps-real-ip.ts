import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy leaves X-Real-Ip of a client on the request',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.replaceAll(/^\s*request_header -\*-ip$/gm, '')),
  extended: true,
  turns: {
    'MD-HDR-001': 'fail HDR_CLAIM_ARRIVED',
    'MD-HDR-010': 'fail HDR_IDENTITY_ARRIVED',
    'MD-HDR-010[setting]': 'fail HDR_NOT_STRIPPED',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
