import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Blob, OciImage } from '../oci-image.ts';

const OCI = 'application/vnd.oci.image';

const imageConfig = z.looseObject({
  os: z.string(),
  architecture: z.string(),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
});

/** What an image's configuration says that a bundle needs to know. */
export interface ImageFacts {
  /** linux/amd64 */
  readonly platform: string;
  /** Digests of its uncompressed layers, bottom first. */
  readonly layers: readonly string[];
}

/** Pure. @returns undefined when this is no configuration of an image */
export function readImageConfig(text: Buffer): ImageFacts | undefined {
  try {
    const { os, architecture, rootfs } = imageConfig.parse(JSON.parse(text.toString('utf8')));
    return { platform: `${os}/${architecture}`, layers: rootfs.diff_ids };
  } catch {
    return undefined;
  }
}

/**
 * An image whose layers are kept uncompressed, and the text of its manifest: equal images give equal
 * text, whatever the engine that they were exported from compressed or called them. Pure.
 */
export function imageOf(
  name: string,
  config: Pick<Blob, 'digest' | 'size'>,
  layers: readonly Pick<Blob, 'digest' | 'size'>[],
): { readonly image: OciImage; readonly manifestText: string } {
  const parts = {
    config: { mediaType: `${OCI}.config.v1+json`, digest: config.digest, size: config.size },
    layers: layers.map(({ digest, size }) => ({ mediaType: `${OCI}.layer.v1.tar`, digest, size })),
  };
  const mediaType = `${OCI}.manifest.v1+json`;
  const manifestText = JSON.stringify({ schemaVersion: 2, mediaType, ...parts });
  const digest = `sha256:${createHash('sha256').update(manifestText).digest('hex')}`;
  const manifest = { mediaType, digest, size: Buffer.byteLength(manifestText) };
  return { image: { name, manifest, ...parts }, manifestText };
}
