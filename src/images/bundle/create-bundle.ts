import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Images } from '../../ports/container-engine.ts';
import type { Provided, SourceKind } from '../../ports/image-source.ts';
import type { ProfileName } from '../../profiles.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { BundledTool, BundleManifest } from './manifest.ts';
import { packBlob, type PackedBlob, unpacked } from './pack-blob.ts';
import { unwritable } from './problems.ts';
import { type ExportedImage, imagesIn, imagesInLayout, readExport } from './read-export.ts';
import { readHead } from './read-bundle.ts';
import { readFrom } from './streams.ts';
import { writeBundle } from './write-bundle.ts';

/** What a bundle is made of. */
export interface BundleContent {
  readonly provided: Provided;
  /** Names in the engine of the images of services, and of what they are made of. */
  readonly services: readonly string[];
  readonly source: Exclude<SourceKind, 'bundle'>;
  readonly profile: ProfileName;
  readonly images: Pick<Images, 'save'>;
  /** Platform of the programs that run on the host: linux/amd64. */
  readonly toolPlatform: string;
  readonly meshdev: string;
  readonly expects: Readonly<Record<string, string>>;
}

export interface MadeBundle {
  readonly path: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly digest: string;
  readonly bytes: number;
  readonly manifest: BundleManifest;
}

/**
 * Writes images and tools of a lab into one file. The same content gives the same bytes.
 * @throws MeshdevError DISK_FULL, BUNDLE_NOT_WRITABLE, ENGINE_CALL_FAILED, INTERRUPTED
 */
export async function createBundle(file: string, content: BundleContent, run: RunScope): Promise<MadeBundle> {
  const path = resolve(file);
  await ensureReplaceable(path);
  const dir = await packingDir(path);
  try {
    const tools = await packTools(dir, content);
    const images = await packImages(dir, content, run);
    const manifest = manifestOf(content, tools, images);
    const packed = blobsIn(tools, [...images.engine, ...images.node]);
    const blobs = new Map(packed.map((blob) => [blob.digest, blob.path]));
    return { path, manifest, ...(await writeBundle(path, manifest, blobs, run)) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Beside the file: what fits there compressed fits there twice, and nothing has to cross a file system. */
async function packingDir(path: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(path), '.meshdev-bundle-'));
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** A slip of the finger must not cost somebody a file that is no bundle. */
async function ensureReplaceable(path: string): Promise<void> {
  try {
    await readHead(path);
  } catch (error) {
    if (!(error instanceof MeshdevError) || error.code === 'BUNDLE_UNREADABLE') return;
    if (error.code === 'BUNDLE_UNSUPPORTED') return;
    throw new MeshdevError('BUNDLE_NOT_WRITABLE', {
      message: `writing ${path}: the file exists and is not a complete bundle`,
      remedies: [`rm ${path}`, 'meshdev bundle create /another/place/FILE'],
      cause: error,
    });
  }
}

interface PackedTool {
  readonly tool: BundledTool;
  readonly packed: PackedBlob;
}

async function packTools(dir: string, { provided }: BundleContent): Promise<readonly PackedTool[]> {
  const tools: PackedTool[] = [];
  for (const name of ['kind', 'istioctl'] as const) {
    const packed = await packBlob(dir, readFrom(provided.tools[name]), `draft-${name}`);
    tools.push({ tool: { name, blob: packed.digest }, packed });
  }
  return tools;
}

interface PackedImages {
  readonly engine: readonly ExportedImage[];
  readonly node: readonly ExportedImage[];
}

async function packImages(dir: string, content: BundleContent, run: RunScope): Promise<PackedImages> {
  const { provided, services, images } = content;
  const names = [...new Set([...Object.values(provided.images), ...services])].toSorted((a, b) =>
    a < b ? -1 : 1,
  );
  const read = (archive: AsyncIterable<Uint8Array>) => readExport(archive, dir, run, unpacked);
  const engine = await imagesIn(await images.save(names, read, run.signal), names, dir);
  const { inCluster } = provided;
  if (inCluster === undefined) return { engine, node: [] };
  return {
    engine,
    node: imagesInLayout(await readExport(await inCluster.open(), dir, run), inCluster.images),
  };
}

/** Pure. */
function manifestOf(
  content: BundleContent,
  tools: readonly PackedTool[],
  images: PackedImages,
): BundleManifest {
  const all = [...images.engine, ...images.node];
  const platforms = [...new Set(all.map((image) => image.platform))];
  const [platform = ''] = platforms;
  if (platforms.length !== 1)
    throw new MeshdevError('ENGINE_CALL_FAILED', {
      message: `packing images: the images are for different platforms: ${platforms.join(', ')}`,
    });
  const oci = (exported: readonly ExportedImage[]) =>
    exported.map(({ image }) => ({ ...image, layers: [...image.layers] }));
  return {
    kind: 'meshdev-bundle',
    schemaVersion: '1',
    meshdev: content.meshdev,
    platform: { images: platform, tools: content.toolPlatform },
    source: content.source,
    profile: content.profile,
    content: content.provided.digest,
    expects: { ...content.expects },
    roles: { ...content.provided.images },
    images: { engine: oci(images.engine), node: oci(images.node) },
    tools: tools.map(({ tool }) => tool),
    blobs: blobsIn(tools, all).map(({ digest, size, stored }) => ({ digest, size, stored })),
  };
}

/** Each blob once: tools first, since they are what is read alone; the rest in the order of digests. */
function blobsIn(tools: readonly PackedTool[], images: readonly ExportedImage[]): readonly PackedBlob[] {
  const packed = [
    ...tools.map((tool) => tool.packed),
    ...images.flatMap((image) => image.blobs).toSorted((a, b) => (a.digest < b.digest ? -1 : 1)),
  ];
  return [...new Map(packed.map((blob) => [blob.digest, blob])).values()];
}
