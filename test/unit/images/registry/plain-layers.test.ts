import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Blob, OciImage } from '../../../../src/images/oci-image.ts';
import { withPlainLayers } from '../../../../src/images/registry/plain-layers.ts';

// What is given to an engine of which not every version reads zstd.

const sha256 = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

const base = Buffer.from('the lowest layer '.repeat(100));
const top = Buffer.from('what is built on it '.repeat(100));

/** An image in a store, its layers packed in these forms. */
function storedImage(forms: readonly ('gzip' | 'zstd')[], diffIds = [base, top].map(sha256)) {
  const held = new Map<string, Buffer>();
  const put = (mediaType: string, content: Buffer): Blob => {
    held.set(sha256(content), content);
    return { mediaType, digest: sha256(content), size: content.length };
  };
  const layers = forms.map((form, index) => {
    const content = [base, top][index] ?? base;
    return put(
      `application/vnd.oci.image.layer.v1.tar+${form}`,
      form === 'gzip' ? gzipSync(content) : zstdCompressSync(content),
    );
  });
  const text = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: diffIds } };
  const config = put('application/vnd.oci.image.config.v1+json', Buffer.from(JSON.stringify(text)));
  const manifest = put('application/vnd.oci.image.manifest.v1+json', Buffer.from('{}'));
  const image: OciImage = { name: 'meshdev.local/node:1', manifest, config, layers };
  const store = {
    read: (digest: string) => Promise.resolve(held.get(digest)),
    open: (digest: string) => Readable.from([held.get(digest) ?? Buffer.alloc(0)], { objectMode: false }),
  };
  return { image, store, held };
}

describe('withPlainLayers', () => {
  it('unpacks a layer in zstd, and leaves one in gzip and the configuration as they are', async () => {
    const { image, store, held } = storedImage(['gzip', 'zstd']);
    const { images, open } = await withPlainLayers([image], store);
    const [made] = images;
    expect(made?.config).toEqual(image.config);
    expect(made?.layers).toEqual([
      image.layers[0],
      { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: sha256(top), size: top.length },
    ]);
    expect(await buffer(open(sha256(top)))).toEqual(top);
    expect(await buffer(open(image.config.digest))).toEqual(held.get(image.config.digest));
  });

  it('gives a manifest that names what is in the archive', async () => {
    const { image, store } = storedImage(['gzip', 'zstd']);
    const { images, open } = await withPlainLayers([image], store);
    const manifest = images[0]?.manifest;
    const bytes = await buffer(open(manifest?.digest ?? ''));
    expect([manifest?.digest, manifest?.size]).toEqual([sha256(bytes), bytes.length]);
    expect(JSON.parse(bytes.toString('utf8'))).toMatchObject({
      config: image.config,
      layers: images[0]?.layers,
    });
  });

  it('changes nothing of an image without zstd', async () => {
    const { image, store } = storedImage(['gzip', 'gzip']);
    expect((await withPlainLayers([image], store)).images).toEqual([image]);
  });

  it('fails where it is read when the layer is no zstd', async () => {
    const { image, store, held } = storedImage(['gzip', 'zstd']);
    held.set(image.layers[1]?.digest ?? '', Buffer.from('spoiled'));
    await expect(withPlainLayers([image], store)).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
      message: expect.stringContaining('cannot be unpacked as zstd'),
    });
  });

  it('refuses a configuration that names another number of layers', async () => {
    const { image, store } = storedImage(['gzip', 'zstd'], [sha256(base)]);
    await expect(withPlainLayers([image], store)).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
      message: 'loading meshdev.local/node:1 into the engine: it has 2 layers, and its configuration names 1',
    });
  });
});
