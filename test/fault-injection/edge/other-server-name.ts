import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** The gateway's certificate has both names: the connection is verified, and is not the host's own. */
export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy asks for the gateway by another name than the public host',
  names: /Caddy/,
  commit: (bench) => {
    const { httpbin, gateway } = bench.lab.hosts;
    return changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(`tls_server_name ${httpbin}`, `tls_server_name ${gateway}`),
    );
  },
  turns: {
    'MD-EGW-014': 'fail EGW_GOOD_GATEWAY_REFUSED',
    'MD-EGW-002': 'fail EGW_SERVER_NAME',
    'MD-EGW-007': 'fail EGW_NAME_CHANGED',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
