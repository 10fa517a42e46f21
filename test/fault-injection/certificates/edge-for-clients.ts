import { days, edgeLeaf, issueAtEdge, serveChain } from '../support/edge-certificate.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'certificates',
  what: 'the edge’s certificate is one for clients',
  names: /Caddy/,
  commit: async (bench) => {
    const spec = { ...edgeLeaf(bench), extendedKeyUsage: ['clientAuth'] as const };
    return serveChain(bench, await issueAtEdge(bench, spec, days(-1, 1)));
  },
  extended: true,
  turns: {
    'MD-EDGE-013': 'fail EDGE_CLIENT_REFUSES',
    'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE',
    'MD-EDGE-002': 'fail CERT_WRONG_EKU',
    'MD-EDGE-004': 'fail EDGE_CERTIFICATE_POLICY',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
