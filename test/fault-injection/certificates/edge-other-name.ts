import { days, edgeLeaf, issueAtEdge, serveChain } from '../support/edge-certificate.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'certificates',
  what: 'the app’s site shows a certificate for another name of the zone',
  names: /Caddy/,
  commit: async (bench) => {
    const spec = { ...edgeLeaf(bench), names: { dns: [`other.${bench.lab.domain}`] } };
    return serveChain(bench, await issueAtEdge(bench, spec, days(-1, 1)));
  },
  extended: true,
  turns: {
    'MD-EDGE-013': 'fail EDGE_CLIENT_REFUSES',
    'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE',
    'MD-EDGE-003': 'fail CERT_NAME_MISMATCH',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
