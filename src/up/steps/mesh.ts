import type { LabContext } from '../../lab/lab-context.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import { rememberIstioctl } from '../../lab/lab-istioctl.ts';
import { meshMaterial } from '../../lab/mesh-material.ts';
import { compareInstallation, type Installation, recordInstallation } from '../../mesh/installation.ts';
import { installIstio } from '../../mesh/install-istio.ts';
import { foundationObjects } from '../../mesh/manifests/mesh-objects.ts';
import { DEFAULT_NAMESPACE, isInjectionDecided } from '../../mesh/manifests/namespaces.ts';
import { istioOperator, type IstioOperator } from '../../mesh/manifests/operator.ts';
import { waitForMeshWebhooks } from '../../mesh/webhook-gate.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import { refOf } from '../../ports/cluster.ts';
import type { EnvoyBuild } from '../../profiles.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { Lab } from '../../topology/lab.ts';
import { CLUSTER_DOWN, seeObjects } from './objects.ts';
import { KEYS_MISSING, type Part } from './part.ts';

export const meshPart: Part = {
  observe: async ({ context, clusterUp, keys, signal }) => {
    if (!clusterUp) return CLUSTER_DOWN;
    if (keys === undefined) return KEYS_MISSING;
    const { cluster, lab } = context;
    const operator = operatorFor(lab, keys, (await context.images(signal)).profile.envoy);
    const [foundation, installation] = await Promise.all([
      seeObjects(cluster, foundationObjects(lab, meshMaterial(keys)), signal),
      compareInstallation(cluster, operator, signal).then(asPart),
    ]);
    return foundation.state === 'same' ? installation : foundation;
  },
  apply: async (context, run) => {
    const { cluster, lab } = context;
    const keys = await context.keys();
    await cluster.apply(foundationObjects(lab, meshMaterial(keys)), run.signal);
    await decideAboutDefault(context, run);
    await rememberIstioctl(context.files.istioctl, (await context.provide(run)).tools.istioctl);
    await converge(context, operatorFor(lab, keys, (await context.images(run.signal)).profile.envoy), run);
    await waitForMeshWebhooks(cluster, lab, run);
  },
};

/** Only where nobody has: a label of the user's stays. */
async function decideAboutDefault({ cluster }: LabContext, { signal }: RunScope): Promise<void> {
  const found = await cluster.get(refOf(DEFAULT_NAMESPACE), signal);
  if (found !== undefined && !isInjectionDecided(found)) await cluster.apply([DEFAULT_NAMESPACE], signal);
}

async function converge(
  context: LabContext,
  operator: IstioOperator,
  run: Parameters<Part['apply']>[1],
): Promise<void> {
  const { cluster, lab } = context;
  const found = await compareInstallation(cluster, operator, run.signal);
  if (found.kind === 'same') return;
  if (found.kind === 'changed') await cluster.remove(found.objects, run.signal);
  const { tools } = await context.provide(run);
  const istioctl = { runner: context.runner, program: tools.istioctl, kubeconfig: context.files.kubeconfig };
  await installIstio(istioctl, cluster, operator, run);
  // Recorded last: an installation whose webhooks never served does not count as one.
  await waitForMeshWebhooks(cluster, lab, run);
  await recordInstallation(cluster, lab, operator, run.signal);
}

/** What Istio is installed with, for the build of Envoy that the image source brings. */
export function operatorFor(lab: Lab, keys: LabKeys, envoy: EnvoyBuild): IstioOperator {
  return istioOperator(lab, meshMaterial(keys), envoy);
}

function asPart(installation: Installation): PartSeen {
  switch (installation.kind) {
    case 'same':
      return { state: 'same', seen: 'Istio matches its installation' };
    case 'missing':
      return { state: 'absent', seen: installation.because };
    case 'outdated':
    case 'changed':
      return { state: 'differs', seen: installation.because };
  }
}
