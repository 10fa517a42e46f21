import { NOTHING, type Harmless } from '../support/harmless.ts';
import { restartIstiod } from '../support/istiod.ts';

export const harmless: Harmless = {
  what: 'the pod of istiod is deleted',
  apply: async (bench) => {
    await restartIstiod(bench);
    return NOTHING;
  },
  concerns: ['MD-MESH-019', 'MD-OIDC-013', 'MD-OIDC-014', 'MD-GW-003', 'MD-GW-008'],
};
