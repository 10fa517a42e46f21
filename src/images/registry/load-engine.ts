import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { packImages } from '../oci-archive.ts';
import { bytesOfImages, type OciImage } from '../oci-image.ts';
import { countBytes, megabytes } from '../progress-bytes.ts';
import { diskFull } from './failures.ts';
import { withPlainLayers } from './plain-layers.ts';
import type { BlobStore } from './store.ts';

const LOAD_LIMIT_MS = 10 * 60_000;

/**
 * Puts pulled images into the engine under their names, and compares what it has then.
 * @throws MeshdevError IMAGE_CORRUPT, DISK_FULL, ENGINE_CALL_FAILED
 */
export async function loadImages(
  engine: ContainerEngine,
  pulled: readonly OciImage[],
  store: BlobStore,
  run: RunScope,
): Promise<void> {
  const { images, open } = await withPlainLayers(pulled, store);
  const total = megabytes(bytesOfImages(images));
  const archive = countBytes(await packImages(images, open), (sent) =>
    run.progress(`loading ${images.length} images into the engine · ${megabytes(sent)} of ${total}`),
  );
  await engine.images.load(archive, LOAD_LIMIT_MS, run.signal).catch((error: unknown) => {
    // The engine has only words for it.
    if (error instanceof MeshdevError && error.message.includes('no space left'))
      throw diskFull('the images of the engine', error);
    throw error;
  });
  for (const image of images) await ensureLoaded(engine, image, run.signal);
}

/** An engine names an image by its configuration or, with containerd's store, by its manifest. */
async function ensureLoaded(engine: ContainerEngine, image: OciImage, signal: AbortSignal): Promise<void> {
  const seen = await engine.images.inspect(image.name, signal);
  if (seen !== undefined && [image.config.digest, image.manifest.digest].includes(seen.id)) return;
  if (seen !== undefined) await engine.images.remove(image.name, signal);
  throw new MeshdevError('IMAGE_CORRUPT', {
    message: `loading ${image.name} into the engine: it has ${seen?.id ?? 'no image of that name'}, expected ${image.config.digest}`,
    remedies: ['meshdev up'],
  });
}
