import { changeCaddyfile } from '../support/caddy.ts';
import type { Sabotage } from '../support/sabotage.ts';

export const sabotage: Sabotage = {
  category: 'edge',
  what: 'Caddy leaves Remote-User of a client on the request',
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.replaceAll(/^\s*request_header -Remote-User$/gm, '')),
  extended: true,
  turns: { 'MD-HDR-004': 'fail HDR_SUBJECT_SPOOFED', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
