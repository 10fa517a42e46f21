import { setIstiodEnv } from '../support/istiod.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'istiod asks for new keys once a day',
  names: 'Deployment istio-system/istiod',
  commit: (bench) => setIstiodEnv(bench, 'PILOT_JWT_PUB_KEY_REFRESH_INTERVAL', { to: '24h', before: '10s' }),
  extended: true,
  turns: { 'MD-OIDC-013': 'fail OIDC_KEYS_NOT_ASKED', 'MD-DRIFT-001': 'fail DRIFT_OBJECTS' },
};
