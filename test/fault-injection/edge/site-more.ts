import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'edge',
  what: 'Caddy serves a site that nobody declared',
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) => caddyfile.concat('\nhttp://:8081 {\n\trespond "hello"\n}\n')),
  extended: true,
  turns: { 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
  // A listener without TLS is a way in.
  mayTurn: ['MD-EDGE-011', 'MD-EGW-002', 'MD-EDGE-010'],
  says: { 'MD-DRIFT-001': ['it also listens on :8081', 'hello'] },
};
