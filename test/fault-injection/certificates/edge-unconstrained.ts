import { keySpecs } from '../../../src/keys/key-specs.ts';
import { readPair } from '../../../src/keys/key-store.ts';
import { days, edgeLeaf, serveChain } from '../support/edge-certificate.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

/** Java, for one, looks at the constraints of intermediates only. */
export const fault: FaultInjection = {
  category: 'certificates',
  what: 'the edge’s intermediate may certify every name',
  names: /Caddy/,
  commit: async (bench) => {
    const { authority, keyStore } = bench.context;
    const { nameConstraints: _, ...spec } = keySpecs(bench.lab)['edge-intermediate'].certificate;
    const issuer = await readPair(keyStore, 'edge-root');
    const wide = await authority.issue({ spec, validity: days(-1, 30), issuer });
    const leaf = await authority.issue({ spec: edgeLeaf(bench), validity: days(-1, 1), issuer: wide });
    return serveChain(bench, { ...leaf, certificatePem: leaf.certificatePem + wide.certificatePem });
  },
  turns: {
    'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE',
    'MD-EDGE-005': 'fail EDGE_UNCONSTRAINED',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
