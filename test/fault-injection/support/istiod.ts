import { ISTIOD_PODS } from '../../../src/mesh/manifests/names.ts';
import { waitForMeshWebhooks } from '../../../src/mesh/webhook-gate.ts';
import type { Bench } from './bench.ts';
import { replacePods, rolledOut } from './cluster.ts';
import type { Restore } from './fault-injection.ts';

/** Starts istiod anew with one variable of its environment set; restoring puts it back as it was. */
export async function setIstiodEnv(
  bench: Bench,
  name: string,
  { to, before }: { readonly to: string; readonly before?: string },
): Promise<Restore> {
  await set(bench, `${name}=${to}`);
  return () => set(bench, before === undefined ? `${name}-` : `${name}=${before}`);
}

/** Replaces istiod's pod, which reads its CA at once then; by itself it would within minutes. */
export async function restartIstiod(bench: Bench): Promise<void> {
  await replacePods(bench, ISTIOD_PODS.namespace, 'istiod');
  await webhooksServe(bench);
}

async function set(bench: Bench, change: string): Promise<void> {
  const { namespace } = ISTIOD_PODS;
  await bench.kubectl('set', 'env', '-n', namespace, 'deployment/istiod', change);
  await rolledOut(bench, namespace, 'istiod');
  await webhooksServe(bench);
}

async function webhooksServe(bench: Bench): Promise<void> {
  await waitForMeshWebhooks(bench.context.cluster, bench.lab, {
    signal: AbortSignal.timeout(60_000),
    progress: () => undefined,
  });
}
