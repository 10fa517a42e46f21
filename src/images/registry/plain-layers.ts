import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { OpenBlob } from '../oci-archive.ts';
import type { Blob, OciImage } from '../oci-image.ts';
import { parseConfig } from './manifest.ts';
import type { BlobStore } from './store.ts';

/** Images, and where the bytes of their blobs come from. */
export interface Loadable {
  readonly images: readonly OciImage[];
  readonly open: OpenBlob;
}

/**
 * The same images with every layer in zstd unpacked: Docker before version 23.0 reads gzip alone. The
 * configuration stays, and with it the id that such an engine gives to the image.
 */
export async function withPlainLayers(
  images: readonly OciImage[],
  store: Pick<BlobStore, 'open' | 'read'>,
): Promise<Loadable> {
  const made = new Map<string, () => Readable>();
  const sizes = new Map<string, Promise<number>>();
  const sizeOf = (image: OciImage, { digest }: Blob): Promise<number> => {
    const size = sizes.get(digest) ?? measure(unpack(store.open(digest)), image, digest);
    sizes.set(digest, size);
    return size;
  };
  const plain = async (image: OciImage): Promise<OciImage> => {
    if (!image.layers.some(isZstd)) return image;
    const diffIds = await diffIdsOf(image, store);
    const layers = await Promise.all(
      image.layers.map(async (layer, index): Promise<Blob> => {
        const digest = diffIds[index];
        if (!isZstd(layer) || digest === undefined) return layer;
        made.set(digest, () => unpack(store.open(layer.digest)));
        return { mediaType: PLAIN, digest, size: await sizeOf(image, layer) };
      }),
    );
    const { text, blob } = manifestOf(image, layers);
    made.set(blob.digest, () => Readable.from([text], { objectMode: false }));
    return { ...image, layers, manifest: blob };
  };
  return {
    images: await Promise.all(images.map(plain)),
    open: (digest) => (made.get(digest) ?? (() => store.open(digest)))(),
  };
}

const PLAIN = 'application/vnd.oci.image.layer.v1.tar';

function isZstd({ mediaType }: Blob): boolean {
  return mediaType.endsWith('+zstd');
}

async function diffIdsOf(
  { name, config, layers }: OciImage,
  store: Pick<BlobStore, 'read'>,
): Promise<readonly string[]> {
  const text = (await store.read(config.digest))?.toString('utf8') ?? '';
  const diffIds = parseConfig(text)?.diffIds ?? [];
  if (diffIds.length === layers.length) return diffIds;
  throw corrupt(name, `it has ${layers.length} layers, and its configuration names ${diffIds.length}`);
}

function manifestOf(
  { config, manifest: { mediaType } }: OciImage,
  layers: readonly Blob[],
): { readonly text: Buffer; readonly blob: Blob } {
  const text = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers }));
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return { text, blob: { mediaType, digest, size: text.length } };
}

/** A failure of the source surfaces where the result is read. */
function unpack(source: Readable): Readable {
  const plain = createZstdDecompress();
  pipeline(source, plain, () => undefined);
  return plain;
}

async function measure(content: AsyncIterable<Buffer>, { name }: OciImage, digest: string): Promise<number> {
  let size = 0;
  try {
    for await (const chunk of content) size += chunk.length;
  } catch (error) {
    if (error instanceof MeshdevError) throw error;
    throw corrupt(name, `its layer ${digest} cannot be unpacked as zstd: ${textOf(error)}`, error);
  }
  return size;
}

function corrupt(name: string, seen: string, cause?: unknown): MeshdevError {
  return new MeshdevError('IMAGE_CORRUPT', {
    message: `loading ${name} into the engine: ${seen}`,
    remedies: ['meshdev up'],
    cause,
  });
}
