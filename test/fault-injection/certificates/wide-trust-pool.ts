import { EDGE_FILES } from '../../../src/edge/edge-files.ts';
import { changeCaddyfile } from '../support/caddy.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'certificates',
  what: 'Caddy trusts another CA for the gateway beside the mesh root',
  names: /Caddy/,
  commit: (bench) =>
    changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(
        `file ${EDGE_FILES.upstreamAnchor}`,
        `file ${EDGE_FILES.upstreamAnchor} ${EDGE_FILES.root}`,
      ),
    ),
  extended: true,
  turns: { 'MD-EGW-013[edge-ca]': 'fail EGW_BAD_GATEWAY_ACCEPTED', 'MD-DRIFT-001': 'fail DRIFT_EDGE' },
};
