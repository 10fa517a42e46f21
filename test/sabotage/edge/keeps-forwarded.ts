import { changeCaddyfile } from '../support/caddy.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'edge',
  what: 'Caddy leaves X-Forwarded-* of a client on the request',
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.replaceAll(/^\s*request_header -X-Forwarded-\*$/gm, '')),
  turns: {
    'MD-HDR-001': 'fail HDR_CLAIM_ARRIVED',
    'MD-HDR-002': 'fail HDR_NOT_STRIPPED',
    'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
