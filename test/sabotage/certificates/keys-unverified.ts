import { ISTIO_NAMESPACE } from '../../../src/mesh/manifests/names.ts';
import type { Bench } from '../support/bench.ts';
import type { Sabotage } from '../support/sabotage.ts';

const SWITCH = 'JWKS_RESOLVER_INSECURE_SKIP_VERIFY';

export const sabotage: Sabotage = {
  category: 'certificates',
  what: 'istiod fetches key sets without verifying the issuer',
  commit: async (bench) => {
    await setEnv(bench, `${SWITCH}=true`);
    return () => setEnv(bench, `${SWITCH}-`);
  },
  turns: { 'MD-OIDC-012': 'fail OIDC_BAD_ISSUER_ACCEPTED' },
};

async function setEnv(bench: Bench, change: string): Promise<void> {
  await bench.kubectl('set', 'env', '-n', ISTIO_NAMESPACE, 'deployment/istiod', change);
  await bench.kubectl('rollout', 'status', '-n', ISTIO_NAMESPACE, 'deployment/istiod', '--timeout=120s');
}
