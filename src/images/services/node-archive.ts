import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pid } from 'node:process';
import { pipeline, type Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { NodeImages } from '../../ports/image-source.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { unpacked } from '../bundle/pack-blob.ts';
import { imagesIn, readExport } from '../bundle/read-export.ts';
import { packImages } from '../oci-archive.ts';
import { bytesOfImages, hexOf, type OciImage } from '../oci-image.ts';
import { sweepPartial } from '../registry/store.ts';

/** An image of the engine. */
export interface HeldImage {
  readonly reference: string;
  readonly id: string;
}

/**
 * An image of the engine as an archive for the node. Layers are sent unpacked: then the digest of its manifest is
 * known whichever engine exports it, and the node can be compared with it. What an image is made of is recorded by
 * its id, so that an image which the node has already is not exported again.
 * @param dir for records and exports
 */
export async function nodeImagesOf(
  engine: ContainerEngine,
  { reference, id }: HeldImage,
  dir: string,
  run: RunScope,
): Promise<NodeImages> {
  await mkdir(dir, { recursive: true });
  await sweepPartial(dir);
  const record = join(dir, `${hexOf(id)}.json`);
  const known = await readRecord(record);
  let exported = known === undefined ? await exportImage(engine, reference, dir, run) : undefined;
  const parts = known ?? exported?.image;
  if (parts === undefined) throw new RangeError(`no parts of ${reference}`);
  if (exported !== undefined) await writeRecord(record, exported.image);
  const image = { ...parts, name: reference };
  return {
    images: [{ name: reference, digest: image.manifest.digest }],
    bytes: bytesOfImages([image]),
    open: async () => {
      const { blobs, image: made } = exported ?? (await exportImage(engine, reference, dir, run));
      exported = undefined;
      const archive = await packImages([{ ...made, name: reference }], (digest) =>
        unzipped(join(blobs, hexOf(digest))),
      );
      archive.once('close', () => void rm(blobs, { recursive: true, force: true }));
      return archive;
    },
  };
}

interface Exported {
  readonly image: OciImage;
  /** A directory with the parts, packed, by digest. */
  readonly blobs: string;
}

let exports = 0;

async function exportImage(
  engine: ContainerEngine,
  reference: string,
  dir: string,
  run: RunScope,
): Promise<Exported> {
  exports += 1;
  // Names of this form are swept when the process that made them is gone.
  const blobs = join(dir, `.partial-${pid}-${exports}`);
  await mkdir(blobs);
  try {
    const read = (archive: AsyncIterable<Uint8Array>) => readExport(archive, blobs, run, unpacked);
    const [made] = await imagesIn(
      await engine.images.save([reference], read, run.signal),
      [reference],
      blobs,
    );
    if (made === undefined) throw new RangeError(`no export of ${reference}`);
    return { image: made.image, blobs };
  } catch (error) {
    await rm(blobs, { recursive: true, force: true });
    throw error;
  }
}

/** A failure of the source surfaces where the result is read. */
function unzipped(path: string): Readable {
  const plain = createZstdDecompress();
  pipeline(createReadStream(path), plain, () => undefined);
  return plain;
}

const Part = z.object({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.int(),
});
const Parts = z.object({ manifest: Part, config: Part, layers: z.array(Part) });

/** Undefined for what is not there or cannot be read: the image is exported then. */
async function readRecord(path: string): Promise<Omit<OciImage, 'name'> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return Parts.safeParse(parseJson(text)).data;
}

async function writeRecord(path: string, { manifest, config, layers }: OciImage): Promise<void> {
  const draft = `${path}.${pid}.new`;
  await writeFile(draft, `${JSON.stringify({ manifest, config, layers })}\n`);
  await rename(draft, path);
}
