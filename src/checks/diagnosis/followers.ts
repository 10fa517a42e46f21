import type { Cause, Explained } from './cause.ts';

/** The verdicts that follow from a cause: all that it explains, without those of the check that tells it. Pure. */
export function followersOf({ id, explains }: Cause): readonly Explained[] {
  const [check] = id.split(/[:[]/);
  return explains.filter((one) => one.id !== check);
}
