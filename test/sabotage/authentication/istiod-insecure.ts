import { waitForMeshWebhooks } from '../../../src/mesh/webhook-gate.ts';
import type { Bench } from '../support/bench.ts';
import type { Sabotage } from '../support/sabotage.ts';

const FLAG = 'JWKS_RESOLVER_INSECURE_SKIP_VERIFY';

async function setFlag(bench: Bench, change: string): Promise<void> {
  await bench.kubectl('set', 'env', '-n', 'istio-system', 'deployment/istiod', change);
  await bench.kubectl('rollout', 'status', '-n', 'istio-system', 'deployment/istiod', '--timeout=60s');
  const { cluster } = bench.context;
  await waitForMeshWebhooks(cluster, bench.lab, {
    signal: AbortSignal.timeout(60_000),
    progress: () => undefined,
  });
}

export const sabotage: Sabotage = {
  category: 'authentication',
  what: 'istiod does not verify where it takes keys from',
  commit: async (bench) => {
    await setFlag(bench, `${FLAG}=true`);
    return () => setFlag(bench, `${FLAG}-`);
  },
  turns: { 'MD-OIDC-011': 'fail OIDC_ISTIOD_INSECURE', 'MD-OIDC-012': 'fail OIDC_BAD_ISSUER_ACCEPTED' },
};
