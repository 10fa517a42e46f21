import { edgeAdminVolume, edgeContainer } from '../../edge/edge-container.ts';
import { compareEdgeConfig, readEdgeConfig } from '../../edge/running-config.ts';
import { describeProxy } from '../../engine/port-proxies.ts';
import { endLeftovers, leftoverProxies } from '../leftover-proxies.ts';
import { waitForEdge } from '../../edge/wait-for-edge.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import type { ContainerPlan } from '../../engine/container-plan.ts';
import { compareContainer, ensureContainer, ownContainer } from '../../engine/ensure-container.ts';
import { isLive } from '../../engine/is-live.ts';
import { probeContainer } from './guest-containers.ts';
import type { Lab } from '../../topology/lab.ts';
import { labelsOf, ownerLabels } from '../../topology/labels.ts';
import { ENGINE_DOWN, KEYS_MISSING, type Part } from './part.ts';

export const edgePart: Part = {
  observe: async ({ context, reached, survey, keys, signal }) => {
    if (reached === undefined) return ENGINE_DOWN;
    const { lab } = context;
    const found = await ownContainer(reached.engine, lab, lab.containers.edge, signal);
    if (keys === undefined) return { ...KEYS_MISSING, inUse: found !== undefined && isLive(found) };
    const container = compareContainer(found, edgePlan(lab, survey.images.edge, keys));
    if (container.state !== 'same') return container;
    const left = (await leftoverProxies(context, signal)).find(({ hostPort }) => hostPort === lab.httpsPort);
    if (left !== undefined) return { state: 'differs', seen: describeProxy(left) };
    // The running configuration is read through the probe; without one the container alone is judged.
    const probe = await ownContainer(reached.engine, lab, lab.containers.probe, signal);
    if (compareContainer(probe, probeContainer(lab, survey.images.guest)).state !== 'same') return container;
    return compareEdgeConfig(await readEdgeConfig(reached, lab, signal), lab);
  },
  apply: async (context, run) => {
    const { lab } = context;
    const { images } = await context.provide(run);
    const engine = await context.engine(run.signal);
    const owner = await context.owner.ensure();
    await engine.volumes.ensure(
      { name: edgeAdminVolume(lab), labels: { ...labelsOf(lab.name, 'edge-admin'), ...ownerLabels(owner) } },
      run.signal,
    );
    const keys = await context.keys();
    await endLeftovers(context, run);
    await ensureContainer(engine, lab, edgePlan(lab, images.edge, keys), { ...run, owner });
    await waitForEdge(lab, keys.edge.rootPem, run);
  },
};

/** The container that the edge is made from. */
export function edgePlan(lab: Lab, image: string, keys: LabKeys): ContainerPlan {
  return edgeContainer(lab, image, {
    rootPem: keys.edge.rootPem,
    intermediatePem: keys.edge.intermediatePem,
    intermediateKeyPem: keys.edge.intermediateKeyPem,
    meshRootPem: keys.mesh.rootPem,
    clientPem: keys.edgeClient.certificatePem,
    clientKeyPem: keys.edgeClient.keyPem,
  });
}
