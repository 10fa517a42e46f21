import type { PolicyRule } from '../config/policy.ts';

/** What the user declared in meshdev.yaml; undefined where the file has no policy, or is not there. */
export interface Policy {
  readonly rules: readonly PolicyRule[] | undefined;
}
