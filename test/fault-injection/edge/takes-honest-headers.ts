import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy does not put back the names with such words that say nothing about identity',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replaceAll(/^\s*request_header @kept_[1-9]\d* .*$/gm, ''),
    ),
  extended: true,
  turns: { 'MD-HDR-011': 'fail HDR_HONEST_LOST', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
