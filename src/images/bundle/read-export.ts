import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { NodeImage } from '../../ports/image-source.ts';
import type { OciImage } from '../oci-image.ts';
import { imageOf, readImageConfig } from './image-form.ts';
import { packBlob, type PackedBlob } from './pack-blob.ts';
import { entriesIn } from './tar.ts';

/** The files of an engine's export, packed; a link stands for the file that it leads to. */
export interface Exported {
  readonly files: ReadonlyMap<string, PackedBlob>;
  readonly links: ReadonlyMap<string, string>;
}

const exportIndex = z.array(
  z.object({ Config: z.string(), RepoTags: z.array(z.string()).nullable(), Layers: z.array(z.string()) }),
);

/** Reads an archive of images, packing every file of it into `dir`, as it is or as `form` makes it. */
export async function readExport(
  archive: AsyncIterable<Uint8Array>,
  dir: string,
  run: RunScope,
  form: (content: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> = (content) => content,
): Promise<Exported> {
  const [files, links] = [new Map<string, PackedBlob>(), new Map<string, string>()];
  for await (const { name, kind, target, content } of entriesIn(counted(archive, run))) {
    if (kind === 'file') files.set(name, await packBlob(dir, form(content), `draft-${files.size}`));
    if (kind === 'link') links.set(name, target);
  }
  return { files, links };
}

async function* counted(archive: AsyncIterable<Uint8Array>, run: RunScope): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of archive) {
    if (run.signal.aborted)
      throw new MeshdevError('INTERRUPTED', { message: 'stopped on request while packing images' });
    bytes += chunk.length;
    run.progress(`packing images · ${Math.round(bytes / 1e6)} MB`);
    yield chunk;
  }
}

/** An image with its packed parts. */
export interface ExportedImage {
  readonly image: OciImage;
  readonly platform: string;
  readonly blobs: readonly PackedBlob[];
}

/**
 * Takes images out of what the engine exported, each layer compared with what the configuration says.
 * @throws MeshdevError ENGINE_CALL_FAILED when the export lacks an image or holds other content
 */
export async function imagesIn(
  exported: Exported,
  names: readonly string[],
  dir: string,
): Promise<readonly ExportedImage[]> {
  const index = exportIndex.safeParse(parsed(fileAt(exported, 'manifest.json')?.small));
  return Promise.all(
    names.map((name) => {
      const entry = index.data?.find(({ RepoTags }) => RepoTags?.includes(name));
      if (entry === undefined) throw badExport(name, 'it is missing from the export');
      return imageIn(exported, name, entry, dir);
    }),
  );
}

async function imageIn(
  exported: Exported,
  name: string,
  entry: z.infer<typeof exportIndex>[number],
  dir: string,
): Promise<ExportedImage> {
  const config = fileAt(exported, entry.Config);
  const facts = config?.small === undefined ? undefined : readImageConfig(config.small);
  if (config === undefined || facts === undefined) throw badExport(name, 'it has no configuration');
  const layers = entry.Layers.map((path) => fileAt(exported, path)).filter((layer) => layer !== undefined);
  const digests = layers.map((layer) => layer.digest);
  if (digests.join() !== facts.layers.join())
    throw badExport(
      name,
      `its layers are ${digests.join(', ')}, its configuration lists ${facts.layers.join(', ')}`,
    );
  const { image, manifestText } = imageOf(name, config, layers);
  const manifest = await packBlob(
    dir,
    [Buffer.from(manifestText)],
    `draft-${image.manifest.digest.slice(-16)}`,
  );
  return { image, platform: facts.platform, blobs: [manifest, config, ...layers] };
}

const imageIndex = z.object({
  manifests: z.array(
    z.object({ digest: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
  ),
});
const partShape = z.object({ mediaType: z.string(), digest: z.string(), size: z.int() });
const manifestShape = z.object({
  mediaType: z.string(),
  config: partShape,
  layers: z.array(partShape),
});

/**
 * Takes images out of an OCI archive, byte by byte as they are: the node proves them by these digests.
 * @throws MeshdevError ENGINE_CALL_FAILED
 */
export function imagesInLayout({ files }: Exported, wanted: readonly NodeImage[]): readonly ExportedImage[] {
  const index = imageIndex.safeParse(parsed(files.get('index.json')?.small));
  const byDigest = new Map([...files.values()].map((file) => [file.digest, file]));
  return wanted.map(({ name, digest }) => {
    const there = index.data?.manifests.some(
      (one) => one.digest === digest && one.annotations['io.containerd.image.name'] === name,
    );
    const manifest = byDigest.get(digest);
    const shape = manifestShape.safeParse(parsed(manifest?.small));
    if (there !== true || manifest === undefined || !shape.success)
      throw badExport(name, `${digest} is not in the archive`);
    const { mediaType, config, layers } = shape.data;
    const facts = readImageConfig(byDigest.get(config.digest)?.small ?? Buffer.alloc(0));
    const blobs = [config, ...layers]
      .map((part) => byDigest.get(part.digest))
      .filter((blob) => blob !== undefined);
    if (facts === undefined || blobs.length !== layers.length + 1)
      throw badExport(name, 'a part of it is missing');
    return {
      image: { name, manifest: { mediaType, digest, size: manifest.size }, config, layers },
      platform: facts.platform,
      blobs: [manifest, ...blobs],
    };
  });
}

function fileAt({ files, links }: Exported, name: string): PackedBlob | undefined {
  return files.get(name) ?? files.get(links.get(name) ?? '');
}

function parsed(text: Buffer | undefined): unknown {
  try {
    return JSON.parse(text?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}

function badExport(name: string, because: string): MeshdevError {
  return new MeshdevError('ENGINE_CALL_FAILED', {
    message: `packing the image ${name} · ${because}`,
    remedies: [`docker image inspect ${name}`, 'meshdev images build'],
  });
}
