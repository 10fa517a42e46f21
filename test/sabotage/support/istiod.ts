import { waitForMeshWebhooks } from '../../../src/mesh/webhook-gate.ts';
import type { Bench } from './bench.ts';
import type { Restore } from './sabotage.ts';

/** Starts istiod anew with one variable of its environment set; restoring puts it back as it was. */
export async function setIstiodEnv(
  bench: Bench,
  name: string,
  { to, before }: { readonly to: string; readonly before?: string },
): Promise<Restore> {
  await set(bench, `${name}=${to}`);
  return () => set(bench, before === undefined ? `${name}-` : `${name}=${before}`);
}

async function set(bench: Bench, change: string): Promise<void> {
  await bench.kubectl('set', 'env', '-n', 'istio-system', 'deployment/istiod', change);
  await bench.kubectl('rollout', 'status', '-n', 'istio-system', 'deployment/istiod', '--timeout=60s');
  await waitForMeshWebhooks(bench.context.cluster, bench.lab, {
    signal: AbortSignal.timeout(60_000),
    progress: () => undefined,
  });
}
