import { Readable } from 'node:stream';
import type { EngineEndpoint } from '../../ports/engine-endpoint.ts';
import { enginePlatform } from '../../engine/platform.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ContainerEngine, EngineInfo } from '../../ports/container-engine.ts';
import type { ImageSource, NodeImages, Provided, Survey } from '../../ports/image-source.ts';
import { type Profile, PROFILES } from '../../profiles.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { packImages } from '../oci-archive.ts';
import { bytesOfImages, type OciImage } from '../oci-image.ts';
import { ensureSpace } from '../packages/disk.ts';
import { countBytes, megabytes } from '../progress-bytes.ts';
import { misfit } from './fit.ts';
import type { BundledTool } from './manifest.ts';
import { type BundleHead, readBlob, readHead, verifyFile } from './read-bundle.ts';
import { hasTool, placeTools } from './tools.ts';

export interface BundleSourceDeps {
  /** Absolute path of the file. */
  readonly path: string;
  readonly cacheDir: string;
  /** Where kind and istioctl would run: linux/amd64. */
  readonly host: string;
  readonly meshdev: string;
  /** What this meshdev must find inside images of a profile. */
  readonly expects: (profile: Profile) => Promise<Readonly<Record<string, string>>>;
  /** Undefined while no engine answers. */
  readonly engine: (signal: AbortSignal) => Promise<ContainerEngine | undefined>;
  /** Whether the engine's disk is one of this machine; only then its room can be measured. */
  readonly diskIsHere: (endpoint: EngineEndpoint, info: EngineInfo) => boolean;
}

const LOAD_LIMIT_MS = 20 * 60_000;
/** Measured on two cores: verified, decompressed and loaded, bytes of the images in a second. */
const BYTES_PER_SECOND = 120e6;

/** What of a verified bundle is not there yet. */
interface Situation {
  readonly digest: string;
  readonly images: readonly OciImage[];
  readonly tools: readonly BundledTool[];
}

/**
 * Everything of a lab out of one file, without any network. Every byte of the file is verified before
 * anything of it is used, once for each run of meshdev: a memory of it would not see a medium that rots.
 * @throws MeshdevError BUNDLE_UNREADABLE, BUNDLE_DAMAGED, BUNDLE_UNSUPPORTED
 */
export async function openBundleSource(deps: BundleSourceDeps): Promise<ImageSource> {
  const head = await readHead(deps.path);
  const verified = onceVerified(head);
  const assessed = (run: RunScope): Promise<Situation> => assess(deps, head, verified, run);
  const silent = (signal: AbortSignal): RunScope => ({ signal, progress: () => undefined });
  return {
    kind: 'bundle',
    profile: PROFILES[head.manifest.profile],
    survey: async (signal) => surveyOf(head, await assessed(silent(signal))),
    prerequisites: async () => undefined,
    ensureRoom: async (signal) => ensureRoom(deps, await assessed(silent(signal)), signal),
    provide: async (run) => provide(deps, head, await assessed(run), run),
  };
}

/** One verification for all who ask; one that was interrupted is not remembered. */
function onceVerified(head: BundleHead): (run: RunScope) => Promise<string> {
  let pending: Promise<string> | undefined;
  return async (run) => {
    pending ??= verifyFile(head, run);
    try {
      return await pending;
    } catch (error) {
      pending = undefined;
      throw error;
    }
  };
}

async function assess(
  deps: BundleSourceDeps,
  head: BundleHead,
  verified: (run: RunScope) => Promise<string>,
  run: RunScope,
): Promise<Situation> {
  const digest = await verified(run);
  const engine = await deps.engine(run.signal);
  const info = await engine?.info(run.signal);
  const { host, meshdev } = deps;
  const expects = await deps.expects(PROFILES[head.manifest.profile]);
  const images = info === undefined ? undefined : enginePlatform(info);
  const problem = misfit(head.path, head.manifest, { images, tools: host, expects, meshdev });
  if (problem !== undefined) throw problem;
  const inCache = await Promise.all(head.manifest.tools.map((tool) => hasTool(deps.cacheDir, tool)));
  return {
    digest,
    images: await missingImages(head, engine, run.signal),
    tools: head.manifest.tools.filter((_, index) => inCache[index] !== true),
  };
}

async function missingImages(
  head: BundleHead,
  engine: ContainerEngine | undefined,
  signal: AbortSignal,
): Promise<readonly OciImage[]> {
  const wanted = head.manifest.images.engine;
  if (engine === undefined) return wanted;
  const held = await Promise.all(wanted.map(({ name }) => engine.images.inspect(name, signal)));
  return wanted.filter((image, index) => !isImage(held[index]?.id, image));
}

/** The id is the digest of the configuration, or of the manifest where containerd keeps the images. Pure. */
export function isImage(id: string | undefined, { config, manifest }: OciImage): boolean {
  return id === config.digest || id === manifest.digest;
}

/** Pure. */
function surveyOf(head: BundleHead, { digest, images, tools }: Situation): Survey {
  const { manifest, path } = head;
  const bytes = bytesOfImages(images);
  const missing = [...images.map(({ name }) => `image ${name}`), ...tools.map(({ name }) => `tool ${name}`)];
  const seen =
    missing.length === 0
      ? 'all images and tools exist on this machine'
      : `${missing.length} images and tools are missing on this machine`;
  return {
    digest: manifest.content,
    images: manifest.roles,
    inCluster: nodeImagesOf(manifest.images.node),
    missing,
    because: `bundle ${path}, verified (sha256 ${digest.slice(0, 12)}…); ${seen}`,
    neededBytes: 2 * bytes,
    aboutSeconds: Math.ceil(bytes / BYTES_PER_SECOND),
  };
}

function nodeImagesOf(images: readonly OciImage[]) {
  return images.map(({ name, manifest }) => ({ name, digest: manifest.digest }));
}

async function ensureRoom(deps: BundleSourceDeps, found: Situation, signal: AbortSignal): Promise<void> {
  const engine = await deps.engine(signal);
  const info = await engine?.info(signal);
  // The engine first writes the archive down, then unpacks it.
  const bytes = 2 * bytesOfImages(found.images);
  const cache = found.tools.length === 0 ? 0 : TOOL_BYTES;
  await ensureSpace(
    [
      { purpose: 'kind and istioctl', path: deps.cacheDir, bytes: cache },
      ...(engine !== undefined && info !== undefined && deps.diskIsHere(engine.endpoint, info)
        ? [{ purpose: 'the engine', path: info.dataRoot, bytes }]
        : []),
    ],
    'loading the bundle',
  );
}

const TOOL_BYTES = 150e6;

async function provide(
  deps: BundleSourceDeps,
  head: BundleHead,
  found: Situation,
  run: RunScope,
): Promise<Provided> {
  const tools = await placeTools(head, deps.cacheDir, found.tools);
  if (found.images.length > 0) {
    await ensureRoom(deps, found, run.signal);
    await load(deps, head, found.images, run);
  }
  const { content, roles, images } = head.manifest;
  const inCluster = images.node.length === 0 ? {} : { inCluster: nodeArchive(head, images.node) };
  return { digest: content, images: roles, tools, ...inCluster };
}

async function load(
  deps: BundleSourceDeps,
  head: BundleHead,
  images: readonly OciImage[],
  run: RunScope,
): Promise<void> {
  const engine = await deps.engine(run.signal);
  if (engine === undefined)
    throw new MeshdevError('ENGINE_NOT_FOUND', {
      message: `loading the bundle ${head.path}: no container engine answers`,
      remedies: ['meshdev engine start'],
    });
  const bytes = bytesOfImages(images);
  const archive = countBytes(await openArchive(head, images), (sent) =>
    run.progress(`loading ${images.length} images · ${megabytes(sent)} of ${megabytes(bytes)}`),
  );
  await engine.images.load(archive, LOAD_LIMIT_MS, run.signal);
  // The engine's word is not enough: what it holds under the name must be what the bundle has.
  const [wrong] = await missingImages(head, engine, run.signal);
  if (wrong === undefined) return;
  const seen = await engine.images.inspect(wrong.name, run.signal);
  throw new MeshdevError('ENGINE_CALL_FAILED', {
    message: `loading ${wrong.name} from the bundle ${head.path}: the engine has ${seen?.id ?? 'no such image'}, expected ${wrong.config.digest}`,
    remedies: [`docker image rm ${wrong.name}`, 'meshdev up'],
  });
}

function nodeArchive(head: BundleHead, images: readonly OciImage[]): NodeImages {
  return {
    images: nodeImagesOf(images),
    bytes: bytesOfImages(images),
    open: () => openArchive(head, images),
  };
}

function openArchive(head: BundleHead, images: readonly OciImage[]): Promise<Readable> {
  return packImages(images, (digest) => Readable.from(readBlob(head, digest), { objectMode: false }));
}
