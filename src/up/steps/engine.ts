import type { Part } from './part.ts';

export const enginePart: Part = {
  observe: async ({ context, reached, signal }) => {
    if (reached !== undefined)
      return { state: 'same', seen: `Docker ${reached.found.version} answers: ${reached.found.because}` };
    const plan = await context.engines.plan(signal);
    return { state: 'absent', seen: plan.because };
  },
  apply: async (context, run) => {
    await context.engines.apply(await context.engines.plan(run.signal), run);
    await context.engine(run.signal);
  },
};
