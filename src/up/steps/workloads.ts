import { deploymentsTrouble, waitForDeployments } from '../../cluster/wait-ready.ts';
import { meshMaterial } from '../../lab/mesh-material.ts';
import { workloadObjects } from '../../mesh/manifests/mesh-objects.ts';
import type { KubeObject } from '../../ports/cluster.ts';
import { CLUSTER_DOWN, seeObjects } from './objects.ts';
import { KEYS_MISSING, type Part } from './part.ts';

const PATIENCE_MS = 180_000;

export const workloadsPart: Part = {
  observe: async ({ context: { cluster, lab }, clusterUp, keys, signal }) => {
    if (!clusterUp) return CLUSTER_DOWN;
    if (keys === undefined) return KEYS_MISSING;
    const objects = workloadObjects(lab, meshMaterial(keys));
    const seen = await seeObjects(cluster, objects, signal);
    if (seen.state !== 'same') return seen;
    // As wanted and yet not there: a run that was stopped did not wait for it, or a pod has failed since.
    const trouble = await deploymentsTrouble(cluster, deployments(objects), signal);
    return trouble === undefined ? seen : { state: 'stopped', seen: trouble };
  },
  apply: async (context, run) => {
    const { cluster, lab } = context;
    const objects = workloadObjects(lab, meshMaterial(await context.keys()));
    await cluster.apply(objects, run.signal);
    await waitForDeployments(cluster, deployments(objects), { ...run, timeoutMs: PATIENCE_MS });
  },
};

function deployments(objects: readonly KubeObject[]) {
  return objects
    .filter((object) => object.kind === 'Deployment')
    .map(({ metadata }) => ({ name: metadata.name, namespace: metadata.namespace ?? 'default' }));
}
