import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { blobsOf, bytesOfImages, hexOf, type OciImage } from '../oci-image.ts';
import { namesIn } from '../packages/digest.ts';
import { registryDirs, type RegistrySourceDeps, storeOf } from './deps.ts';
import { isComplete, labImages } from './lab-names.ts';
import { missingBlobs } from './pull.ts';
import { assess } from './situation.ts';

/** An image of the source `registry` in the cache. */
export interface PulledImage {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

export interface RegistryInventory {
  readonly pulled: readonly PulledImage[];
  /** References in the engine that the present pins use. */
  readonly current: ReadonlySet<string>;
}

/**
 * The images of the present pins, when the cache holds all of them whole: a lab is made from the set. Layers
 * of a set that broke off stay for the next try; they are no image.
 */
export async function listPulled(deps: RegistrySourceDeps, signal: AbortSignal): Promise<RegistryInventory> {
  const { found } = await assess(deps, signal);
  if (!isComplete(found)) return { pulled: [], current: new Set() };
  const images: readonly OciImage[] = Object.values(found);
  const whole = (await missingBlobs(images, storeOf(deps))).length === 0;
  const pulled = images.map((image) => ({
    name: image.name,
    digest: image.manifest.digest,
    bytes: bytesOfImages([image]),
  }));
  return {
    pulled: whole ? pulled.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : [],
    current: new Set(Object.values(labImages(found))),
  };
}

/** Removes blobs that no image of the present pins uses; with `all`, the whole cache of this source. */
export async function prunePulled(
  deps: RegistrySourceDeps,
  all: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { dir, blobs } = registryDirs(deps.cacheDir);
  if (all) return rm(dir, { recursive: true, force: true });
  const { found, pins } = await assess(deps, signal);
  const images: readonly OciImage[] = Object.values(found);
  const kept = new Set(
    [...blobsOf(images).map(({ digest }) => digest), ...pins.flatMap(({ digest }) => digest ?? [])].map(
      hexOf,
    ),
  );
  const unused = (await namesIn(blobs)).filter((name) => !kept.has(name));
  for (const name of unused) await rm(join(blobs, name), { force: true });
}
