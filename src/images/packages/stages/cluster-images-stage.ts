import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { importIntoStore } from '../containerd-store.ts';
import { writeImageLayout, type ImageSpec } from '../image-archive.ts';
import type { InClusterImage } from '../in-cluster-images.ts';
import { layerAt, packFiles, packTree, type Layer } from '../layer.ts';
import type { Json, Stage, StageWork } from '../stage.ts';

/** containerd's index of images and content, below its state directory. */
export const META_DB = 'io.containerd.metadata.v1.bolt/meta.db';
/** Content by digest, below its state directory. */
export const NODE_BLOBS = 'io.containerd.content.v1.content/blobs/sha256';
/** containerd's state directory in the node. */
export const NODE_STORE = 'var/lib/containerd';
/** What containerd makes anew when it starts in the node. */
export const STORE_EXCLUDES = [
  ...['snapshotter', 'grpc', 'runtime', 'sandbox'].map((kind) => `./${NODE_STORE}/io.containerd.${kind}.*`),
  `./${NODE_STORE}/tmpmounts`,
];

/**
 * The images of the cluster as a layer of the node image: containerd's own store, filled on this
 * machine by the containerd that will read it there. Leaves layer.tar and meta.db.
 */
export function clusterImagesStage(clusterImages: readonly InClusterImage[], arch: string): Stage {
  const used = clusterImages.flatMap((image) => [...image.below, ...image.files.map((file) => file.stage)]);
  return {
    id: 'cluster-images',
    needs: [...new Set(['containerd', ...used])],
    slot: 'io',
    aboutSeconds: 10,
    aboutBytes: 3800e6,
    inputs: { recipe: 2, images: asJson(clusterImages) },
    build: async (work) => {
      const archive = join(work.scratch, 'images.tar');
      const root = join(work.scratch, 'node', NODE_STORE);
      await mkdir(root, { recursive: true, mode: 0o711 });
      await writeArchive(work, await specs(work, clusterImages), archive, arch);
      await importIntoStore(work, storeTools(work), root, archive);
      await packTree(work, join(work.scratch, 'node'), join(work.out, 'layer.tar'), STORE_EXCLUDES);
      await copyFile(join(root, META_DB), join(work.out, 'meta.db'));
    },
  };
}

export function storeTools(work: StageWork): { readonly containerd: string; readonly ctr: string } {
  const bin = join(work.of('containerd'), 'bin');
  return { containerd: join(bin, 'containerd'), ctr: join(bin, 'ctr') };
}

/** Writes images as one tar archive that docker and containerd both load. */
export async function writeArchive(
  work: StageWork,
  images: readonly ImageSpec[],
  target: string,
  arch: string,
): Promise<void> {
  const layout = `${target}.layout`;
  await writeImageLayout(layout, images, arch);
  await work.run('tar', ['--sort=name', '-C', layout, '-cf', target, '.']);
}

async function specs(
  work: StageWork,
  clusterImages: readonly InClusterImage[],
): Promise<readonly ImageSpec[]> {
  const known = new Map<string, Promise<Layer>>();
  const ofStage = (stage: string): Promise<Layer> => {
    const layer = known.get(stage) ?? layerAt(join(work.of(stage), 'layer.tar'));
    known.set(stage, layer);
    return layer;
  };
  return Promise.all(clusterImages.map((image, index) => spec(work, image, index, ofStage)));
}

async function spec(
  work: StageWork,
  image: InClusterImage,
  index: number,
  ofStage: (stage: string) => Promise<Layer>,
): Promise<ImageSpec> {
  const below = await Promise.all(image.below.map(ofStage));
  if (image.files.length === 0) return { name: image.name, layers: below, config: image.config };
  const own = join(work.scratch, `layer-${index}.tar`);
  const files = image.files.map((file) => ({
    from: join(work.of(file.stage), file.file),
    to: file.to,
    mode: file.mode ?? 0o755,
  }));
  await packFiles(work, own, files, image.dirs);
  return { name: image.name, layers: [...below, await layerAt(own)], config: image.config };
}

/** The table is data already; this only says so to the compiler. */
function asJson(images: readonly InClusterImage[]): Json {
  return JSON.stringify(images);
}
