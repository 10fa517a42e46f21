import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy leads one path of the app to the identity provider',
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(
        /(\treverse_proxy https:)/,
        (proxy) =>
          `\treverse_proxy /never/* http://${bench.lab.containers.idp}:${bench.lab.idpPort}\n${proxy}`,
      ),
    ),
  turns: { 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
  // Every upstream of the app has to verify its server.
  mayTurn: ['MD-EGW-001', 'MD-EGW-002', 'MD-EDGE-017'],
  says: { 'MD-DRIFT-001': ['it forwards requests for', '/never/*'] },
};
