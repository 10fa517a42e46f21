import { changeSiteTls } from '../support/edge-certificate.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy serves the app under a CA of its own making',
  names: /Caddy/,
  commit: (bench) => changeSiteTls(bench, 'tls {\n\t\tprotocols tls1.3\n\t\tissuer internal\n\t}'),
  extended: true,
  turns: {
    'MD-EDGE-013': 'fail EDGE_CLIENT_REFUSES',
    'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE',
    'MD-EDGE-002': 'fail CERT_UNKNOWN_ISSUER',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
