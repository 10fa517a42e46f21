import { ownServices } from '../../topology/service.ts';
import { ENGINE_DOWN, type Part } from './part.ts';

/** Images of the services of meshdev.yaml: made beside the cluster, which needs longer. */
export const buildsPart: Part = {
  observe: async ({ context, reached, serviceImages: images }) => {
    if (ownServices(context.lab).length === 0) return undefined;
    if (reached === undefined) return ENGINE_DOWN;
    const missing = images.filter(({ state }) => state === 'missing');
    return missing.length === 0
      ? {
          state: 'same',
          seen: `the engine has ${images.length === 1 ? 'the image' : `all ${images.length} images`}`,
        }
      : {
          state: 'absent',
          seen: missing.map(({ service, because }) => `${service}: ${because}`).join(' · '),
        };
  },
  apply: async (context, run) => {
    await (await context.serviceImages(run.signal)).provide(run);
  },
};
