import type { RunScope } from './run-scope.ts';

/** Takes note of a promise that was begun, and gives it back. */
export type Join = <R>(begun: Promise<R>) => Promise<R>;

/**
 * Work of several parts at once, each begun within `scope` and handed to `join`. The first that fails
 * ends the others, and is thrown when they have ended: nothing is left half-made behind an error.
 */
export async function together<T>(
  run: RunScope,
  work: (scope: RunScope, join: Join) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const begun: Promise<unknown>[] = [];
  const join: Join = (part) => {
    begun.push(part);
    part.catch(() => own.abort());
    return part;
  };
  try {
    return await work({ ...run, signal: AbortSignal.any([run.signal, own.signal]) }, join);
  } catch (error) {
    own.abort();
    await Promise.allSettled(begun);
    throw error;
  }
}
