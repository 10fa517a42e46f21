import { listImages, pruneImages, type CachedStage } from './cache.ts';
import { allHeldImages, removeImages } from './engine-images.ts';
import { assess, type PackagesSourceDeps } from './situation.ts';
import { engineOf } from './source.ts';

/** An image of meshdev in the engine. */
export interface HeldImage {
  readonly reference: string;
  readonly state: 'current' | 'stale';
}

export interface Inventory {
  readonly stages: readonly CachedStage[];
  readonly images: readonly HeldImage[];
}

/**
 * What the cache and the engine hold, and which of it the present pins use.
 * @param alsoCurrent references in the engine that other sources and services of users have
 */
export async function listPackages(
  deps: PackagesSourceDeps,
  alsoCurrent: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Inventory> {
  const engine = engineOf(deps);
  const { set, names } = await assess(deps, engine, signal);
  const current = new Set([...names.values(), ...alsoCurrent]);
  const held = [...(await allHeldImages(engine, signal))].toSorted();
  return {
    stages: await listImages(deps.cacheDir, set.keys),
    images: held.map((reference) => ({ reference, state: current.has(reference) ? 'current' : 'stale' })),
  };
}

/**
 * Removes what the present pins do not use, from cache and engine; with `all`, everything. Images
 * of running containers stay. Returns what was removed.
 */
export async function prunePackages(
  deps: PackagesSourceDeps,
  options: {
    readonly all: boolean;
    readonly alsoCurrent: ReadonlySet<string>;
    readonly signal: AbortSignal;
  },
): Promise<Inventory> {
  const engine = engineOf(deps);
  const { set } = await assess(deps, engine, options.signal);
  const { images } = await listPackages(deps, options.alsoCurrent, options.signal);
  const doomed = images.filter((image) => options.all || image.state === 'stale');
  const removed = new Set(
    await removeImages(
      engine,
      doomed.map((image) => image.reference),
      options.signal,
    ),
  );
  return {
    stages: await pruneImages(deps.cacheDir, { all: options.all, currentKeys: set.keys }),
    images: doomed.filter((image) => removed.has(image.reference)),
  };
}
