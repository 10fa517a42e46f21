/** A content-addressed file of an image. */
export interface Blob {
  readonly mediaType: string;
  /** `sha256:…` */
  readonly digest: string;
  readonly size: number;
}

/** An image of one platform, as what it is made of. */
export interface OciImage {
  /** Reference under which it is put somewhere: `meshdev.local/istio/pilot:1.31`. */
  readonly name: string;
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

/** The hexadecimal part of a digest; also the name of the file in every blob directory. */
export function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** Every blob of these images once, in a stable order. */
export function blobsOf(images: readonly OciImage[]): readonly Blob[] {
  const all = images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers]);
  const once = new Map(all.map((blob) => [blob.digest, blob]));
  return [...once.values()].toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
}

/** Bytes of these images; what they share counts once. */
export function bytesOfImages(images: readonly OciImage[]): number {
  return blobsOf(images).reduce((sum, { size }) => sum + size, 0);
}
