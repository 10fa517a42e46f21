import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'a site in plain HTTP leads to the app',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => {
      const proxy = /\treverse_proxy https:[\s\S]*?\n\t}\n/.exec(caddyfile)?.[0] ?? '';
      return `${caddyfile}\nhttp://:80 {\n${proxy}}\n`;
    }),
  extended: true,
  turns: {
    'MD-EDGE-011': 'fail EDGE_PLAIN_HTTP',
    // A second way to the gateway, for whatever host is asked for.
    'MD-EGW-002': 'fail EGW_SERVER_NAME',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
