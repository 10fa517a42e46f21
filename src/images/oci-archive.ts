import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pack } from 'tar-stream';
import { type Blob, blobsOf, hexOf, type OciImage } from './oci-image.ts';

/** Where the bytes of blobs come from. */
export type OpenBlob = (digest: string) => Readable;

/**
 * Images as one tar archive, made while it is read: OCI layout and `docker save` format in one, so that
 * containerd and every Docker take it. Equal images give equal bytes. A blob that cannot be read makes
 * the stream fail.
 */
export async function packImages(images: readonly OciImage[], open: OpenBlob): Promise<Readable> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  // Failures surface where the archive is read.
  void fill(archive, images, open).catch((error: unknown) => archive.destroy(asError(error)));
  return Readable.from(archive, { objectMode: false });
}

async function fill(archive: Pack, images: readonly OciImage[], open: OpenBlob): Promise<void> {
  const texts = { 'oci-layout': { imageLayoutVersion: '1.0.0' }, ...indexes(images) };
  for (const [name, value] of Object.entries(texts))
    archive.entry({ name, mode: 0o644, mtime: EPOCH }, JSON.stringify(value));
  for (const blob of blobsOf(images)) await addBlob(archive, blob, open(blob.digest));
  archive.finalize();
}

const EPOCH = new Date(0);

async function addBlob(archive: Pack, { digest, size }: Blob, content: Readable): Promise<void> {
  const entry = archive.entry({ name: pathOf(digest), size, mode: 0o644, mtime: EPOCH });
  await pipeline(content, entry);
}

/** The two tables of contents: containerd reads the first, Docker the second. */
function indexes(images: readonly OciImage[]) {
  const manifests = images.map(({ name, manifest }) => ({
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.size,
    annotations: {
      'io.containerd.image.name': name,
      'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
    },
  }));
  return {
    'index.json': { schemaVersion: 2, manifests },
    'manifest.json': images.map(({ name, config, layers }) => ({
      Config: pathOf(config.digest),
      RepoTags: [name],
      Layers: layers.map(({ digest }) => pathOf(digest)),
    })),
  };
}

function pathOf(digest: string): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
