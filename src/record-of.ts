/** One value for each of these ids. */
export function recordOf<const Id extends string, T>(
  ids: readonly Id[],
  of: (id: Id) => T,
): Readonly<Record<Id, T>>;
export function recordOf(
  ids: readonly string[],
  of: (id: string) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(ids.map((id) => [id, of(id)]));
}

/** The same of values that come later; all are begun at once. @throws as the first that fails */
export function awaitedRecordOf<const Id extends string, T>(
  ids: readonly Id[],
  of: (id: Id) => Promise<T>,
): Promise<Readonly<Record<Id, T>>>;
export async function awaitedRecordOf(
  ids: readonly string[],
  of: (id: string) => Promise<unknown>,
): Promise<Readonly<Record<string, unknown>>> {
  return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await of(id)] as const)));
}
