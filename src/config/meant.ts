import { didYouMean, nearest } from '../nearest.ts';

/** The end of a message about a name that does not exist: what is spelt like it, else what there is. */
export function orElse(name: string, known: readonly string[], none: string): string {
  const near = nearest(name, known, 1);
  if (near.length > 0) return didYouMean(near);
  return known.length === 0 ? `; ${none}` : `; there is ${known.join(', ')}`;
}

/** The question alone; empty where nothing is spelt like it. */
export function maybeMeant(name: string, known: readonly string[]): string {
  return didYouMean(nearest(name, known, 1));
}
