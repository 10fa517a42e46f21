import type { RunScope } from './run-scope.ts';
import { together } from './together.ts';

/** Does the same with each item, so many at a time; the first failure ends the others. Results keep the order. */
export async function atMost<T, R>(
  count: number,
  items: readonly T[],
  act: (item: T, run: RunScope) => Promise<R>,
  run: RunScope,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const queue = [...items.entries()];
  const worker = async (scope: RunScope): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && !scope.signal.aborted; next = queue.shift())
      results.set(next[0], await act(next[1], scope));
  };
  await together(run, (scope, join) =>
    Promise.all(Array.from({ length: Math.min(count, items.length) }, () => join(worker(scope)))),
  );
  return items.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}
