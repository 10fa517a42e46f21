import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** The list of single names is left as it is: it is the rule that finds names of which nobody made a list. */
export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy leaves names with the words role, group and tenant on the request',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replaceAll(/^\s*request_header -\*(?:role|group|tenant)\*$/gm, ''),
    ),
  turns: {
    'MD-HDR-010': 'fail HDR_IDENTITY_ARRIVED',
    'MD-HDR-010[setting]': 'fail HDR_NOT_STRIPPED',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
