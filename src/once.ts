/** Does it when it is first asked for; whoever asks again gets the same, a failure too. */
export function once<T>(act: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => (begun ??= act());
}

/** The same for each key. */
export function oncePerKey<Key, T>(act: (key: Key) => Promise<T>): (key: Key) => Promise<T> {
  const begun = new Map<Key, Promise<T>>();
  return (key) => {
    const known = begun.get(key) ?? act(key);
    begun.set(key, known);
    return known;
  };
}
