import { rolloutRestart } from '../support/cluster.ts';
import { NOTHING, type Harmless } from '../support/harmless.ts';

export const harmless: Harmless = {
  what: 'kubectl rollout restart of istiod',
  apply: async (bench) => {
    await rolloutRestart(bench, 'istio-system', 'istiod');
    return NOTHING;
  },
  concerns: ['MD-DRIFT-001', 'MD-MESH-019', 'MD-OIDC-013', 'MD-OIDC-014', 'MD-GW-003', 'MD-GW-008'],
};
