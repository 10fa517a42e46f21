import { edgeAdminVolume } from '../../edge/edge-container.ts';
import { compareContainer, ensureContainer, ownContainer } from '../../engine/ensure-container.ts';
import { probeContainer } from './guest-containers.ts';
import { labelsOf, ownerLabels } from '../../topology/labels.ts';
import { ENGINE_DOWN, type Part } from './part.ts';

export const probePart: Part = {
  observe: async ({ context: { lab }, reached, survey, signal }) => {
    if (reached === undefined) return ENGINE_DOWN;
    const found = await ownContainer(reached.engine, lab, lab.containers.probe, signal);
    return compareContainer(found, probeContainer(lab, survey.images.guest));
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
    await ensureContainer(engine, lab, probeContainer(lab, images.guest), { ...run, owner });
  },
};
