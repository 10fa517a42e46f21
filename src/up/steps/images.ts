import type { Part } from './part.ts';

export const imagesPart: Part = {
  observe: async ({ survey }) =>
    survey.missing.length === 0
      ? { state: 'same', seen: survey.because }
      : { state: 'absent', seen: survey.because },
  apply: async (context, run) => {
    await context.provide(run);
  },
};
