import { days, edgeLeaf, issueAtEdge, serveChain } from '../support/edge-certificate.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'certificates',
  what: 'the edge’s certificate ran out yesterday',
  names: /Caddy/,
  commit: async (bench) => serveChain(bench, await issueAtEdge(bench, edgeLeaf(bench), days(-2, -1))),
  turns: {
    'MD-EDGE-013': 'fail EDGE_CLIENT_REFUSES',
    'MD-CERT-005': 'fail CERT_EXPIRED',
    'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE',
    'MD-EDGE-002': 'fail CERT_EXPIRED',
    'MD-CERT-001': 'fail CERT_EXPIRED',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
