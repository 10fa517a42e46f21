import { setIstiodEnv } from '../support/istiod.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'authentication',
  what: 'istiod does not verify the servers from which it fetches keys',
  names: 'Deployment istio-system/istiod',
  commit: (bench) => setIstiodEnv(bench, 'JWKS_RESOLVER_INSECURE_SKIP_VERIFY', { to: 'true' }),
  extended: true,
  turns: {
    'MD-OIDC-011': 'fail OIDC_ISTIOD_INSECURE',
    'MD-OIDC-012': 'fail OIDC_BAD_ISSUER_ACCEPTED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
