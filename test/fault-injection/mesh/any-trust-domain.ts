import { setIstiodEnv } from '../support/istiod.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'sidecars take every certificate of the mesh root (trust domains are not validated)',
  names: 'Deployment istio-system/istiod',
  commit: (bench) => setIstiodEnv(bench, 'PILOT_SKIP_VALIDATE_TRUST_DOMAIN', { to: 'true' }),
  extended: true,
  turns: {
    'MD-MESH-007': 'fail MESH_ROOT_OPENS_PODS',
    'MD-MESH-008': 'fail MESH_FORGED_IDENTITY_ACCEPTED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
