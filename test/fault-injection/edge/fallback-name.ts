import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy shows the app’s certificate to whoever asks for another name',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(
        '\tskip_install_trust\n',
        `\tskip_install_trust\n\tfallback_sni ${bench.lab.hosts.httpbin}\n`,
      ),
    ),
  turns: {
    'MD-EDGE-010': 'fail EDGE_CATCH_ALL_CERTIFICATE',
    'MD-EDGE-009': 'fail EDGE_CATCH_ALL_CERTIFICATE',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
