/** An API server on two cores gains nothing from more requests at once. */
const AT_ONCE = 8;

/** Maps with bounded concurrency; results are in the order of `items`. After a failure nothing new starts. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = numbered(items);
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** A generator, not `entries()`: a loop that ends by a throw closes it for all workers. */
function* numbered<T>(items: readonly T[]): Generator<readonly [number, T]> {
  yield* items.entries();
}
