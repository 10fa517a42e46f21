import { applyKeys } from '../../keys/apply-keys.ts';
import { observeKeys } from '../../keys/observe-keys.ts';
import { keysPart as planAsPart, planKeys } from '../../keys/plan-keys.ts';
import type { Part } from './part.ts';

export const keysPart: Part = {
  observe: async ({ context: { lab, keyStore }, at }) =>
    planAsPart(planKeys(lab, await observeKeys(keyStore), at)),
  apply: async ({ lab, keyStore, authority }, { signal }) => {
    const at = new Date();
    const plan = planKeys(lab, await observeKeys(keyStore), at.getTime());
    await applyKeys(plan, { lab, store: keyStore, authority, at, signal });
  },
};
