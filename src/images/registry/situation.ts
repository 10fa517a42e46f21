import { arch } from 'node:os';
import type { LabImages, LabTools, NodeImage, Survey } from '../../ports/image-source.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import { bytesOfImages, type OciImage } from '../oci-image.ts';
import { keyOf } from '../packages/keys.ts';
import { megabytes } from '../progress-bytes.ts';
import { guestInputs, lockPathOf, registryDirs, type RegistrySourceDeps, storeOf } from './deps.ts';
import { guestKey, keptGuest } from './guest-image.ts';
import {
  asNodeImages,
  type FoundImages,
  inClusterImages,
  isComplete,
  labImages,
  UNKNOWN_IMAGES,
} from './lab-names.ts';
import { type ImageLock, readLock } from './lock-file.ts';
import { pinnedImages, type PinnedImage } from './pins.ts';
import { missingBlobs } from './pull.ts';
import { fromStore } from './resolve-image.ts';
import { type ToolSpec, toolSpecs } from './tool-specs.ts';
import { findTool } from './tools.ts';

/** What there should be, and what of it is there. */
export interface Situation {
  readonly platform: string;
  readonly lock: ImageLock;
  readonly lockPath: string;
  readonly pins: readonly PinnedImage[];
  readonly found: FoundImages;
  /** Pins whose documents or layers must be fetched. */
  readonly toPull: readonly PinnedImage[];
  readonly bytesToPull: number;
  /** References that the engine lacks, of those that are known. */
  readonly toLoad: readonly (keyof LabImages)[];
  readonly tools: Readonly<Partial<LabTools>>;
  readonly toolsToBring: readonly ToolSpec[];
}

/** Compares pins, lock, cache, PATH and engine. Changes nothing and asks no registry. */
export async function assess(deps: RegistrySourceDeps, signal: AbortSignal): Promise<Situation> {
  const lockPath = lockPathOf(deps);
  const [lock, engine] = await Promise.all([readLock(lockPath), deps.engine(signal)]);
  const platform = `linux/${await engineArch(engine, signal)}`;
  const pins = pinnedImages(deps.settings, lock, lockPath);
  const found = await findImages(deps, pins, platform);
  const held = await heldTags(engine, signal);
  const wanted = isComplete(found) ? labImages(found) : UNKNOWN_IMAGES;
  const ids = ['node', 'edge', 'guest'] as const;
  const toLoad = ids.filter((id) => !held.has(wanted[id]));
  const { toPull, bytesToPull } = await lacking(deps, pins, found, toLoad);
  return {
    platform,
    lock,
    lockPath,
    pins,
    found,
    toPull,
    bytesToPull,
    toLoad,
    ...(await assessTools(deps, lock, signal)),
  };
}

const ENGINE_ARCH: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', x64: 'amd64' };

/** Of the engine, which may be a virtual machine of another kind than the host; the host's without one. */
export async function engineArch(engine: ContainerEngine | undefined, signal: AbortSignal): Promise<string> {
  const name = engine === undefined ? arch() : (await engine.info(signal)).arch;
  return ENGINE_ARCH[name] ?? name;
}

async function heldTags(
  engine: ContainerEngine | undefined,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (engine === undefined) return new Set();
  return new Set((await engine.images.matching('meshdev.local/*', signal)).flatMap(({ tags }) => tags));
}

async function findImages(
  deps: RegistrySourceDeps,
  pins: readonly PinnedImage[],
  platform: string,
): Promise<FoundImages> {
  const store = storeOf(deps);
  const entries = await Promise.all(
    pins.map(async ({ id, name, digest }) => {
      const image = digest === undefined ? undefined : await fromStore(name, digest, platform, store);
      return image === undefined ? [] : [[id, image] as const];
    }),
  );
  const found: FoundImages = Object.fromEntries(entries.flat());
  if (found.guestBase === undefined) return found;
  const guest = await keptGuest(guestInputs(deps), await guestKey(guestInputs(deps), found.guestBase));
  return guest === undefined ? found : { ...found, guest };
}

/** Layers of engine images are needed only until they are loaded; those of the node whenever it is made. */
async function lacking(
  deps: RegistrySourceDeps,
  pins: readonly PinnedImage[],
  found: FoundImages,
  toLoad: Situation['toLoad'],
): Promise<Pick<Situation, 'toPull' | 'bytesToPull'>> {
  const store = storeOf(deps);
  const isNeeded = ({ id }: PinnedImage): boolean =>
    id === 'node' || id === 'edge' ? toLoad.includes(id) : true;
  const looked = await Promise.all(
    pins.filter(isNeeded).map(async (pin) => {
      const image = found[pin.id];
      if (image === undefined) return [{ pin, bytes: pin.aboutBytes }];
      const blobs = await missingBlobs([image], store);
      return blobs.length === 0 ? [] : [{ pin, bytes: blobs.reduce((sum, { size }) => sum + size, 0) }];
    }),
  );
  const missing = looked.flat();
  return {
    toPull: missing.map(({ pin }) => pin),
    bytesToPull: missing.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function assessTools(
  deps: RegistrySourceDeps,
  lock: ImageLock,
  signal: AbortSignal,
): Promise<Pick<Situation, 'tools' | 'toolsToBring'>> {
  const dir = registryDirs(deps.cacheDir).tools;
  const specs = toolSpecs(deps.settings.profile, deps.machine);
  const looked = await Promise.all(
    specs.map(async (spec) => ({
      spec,
      tool: await findTool({ ...deps, dir, lock: lock.files }, spec, signal),
    })),
  );
  return {
    tools: Object.fromEntries(
      looked.flatMap(({ spec, tool }) => (tool === undefined ? [] : [[spec.name, tool.program]])),
    ),
    toolsToBring: looked.flatMap(({ spec, tool }) => (tool === undefined ? [spec] : [])),
  };
}

/** Measured: unpacking takes about this share of a second for a megabyte, on two cores. */
const LOAD_SECONDS_PER_BYTE = 1 / 60e6;
/** A modest line. */
const PULL_SECONDS_PER_BYTE = 1 / 6e6;
const TOOL_BYTES = 40e6;
/** Unpacked in the engine and the node, beside the packed bytes in the cache. */
const UNPACKED = 4;

/** Pure. */
export function surveyOf(situation: Situation): Survey {
  const { found, toPull, toLoad, toolsToBring } = situation;
  const complete = isComplete(found);
  const bytes = situation.bytesToPull + toolsToBring.length * TOOL_BYTES;
  const missing = [
    ...toPull.map(({ name }) => `image ${name}`),
    ...(found.guest === undefined ? ['image guest'] : []),
    ...toLoad.map((id) => `engine ${id}`),
    ...toolsToBring.map(({ name, version }) => `tool ${name} ${version}`),
  ];
  const aboutSeconds = Math.round(
    bytes * PULL_SECONDS_PER_BYTE + loadBytes(situation) * LOAD_SECONDS_PER_BYTE,
  );
  return {
    digest: situationDigest(situation),
    images: complete ? labImages(found) : UNKNOWN_IMAGES,
    inCluster: inClusterOf(found),
    missing,
    because: because(situation, bytes, aboutSeconds),
    neededBytes: bytes * (1 + UNPACKED),
    aboutSeconds,
  };
}

function inClusterOf(found: FoundImages): readonly NodeImage[] {
  return isComplete(found) ? asNodeImages(inClusterImages(found)) : [];
}

function loadBytes({ found, toLoad, pins }: Situation): number {
  return toLoad.reduce((sum, id) => {
    const image: OciImage | undefined = found[id];
    return (
      sum +
      (image === undefined ? (pins.find((pin) => pin.id === id)?.aboutBytes ?? 0) : bytesOfImages([image]))
    );
  }, 0);
}

function because(situation: Situation, bytes: number, seconds: number): string {
  const { toPull, toLoad, toolsToBring, found } = situation;
  const parts = [
    ...(toPull.length > 0 ? [`${toPull.length} images to pull`] : []),
    ...(toolsToBring.length > 0 ? [`${toolsToBring.map(({ name }) => name).join(' and ')} to download`] : []),
  ];
  if (parts.length > 0)
    return `${parts.join(', ')}: about ${megabytes(bytes)}, ${seconds} s on a slow connection`;
  if (found.guest === undefined) return 'the guest image has to be built: a few seconds';
  if (toLoad.length > 0) return `the cache is complete; the engine lacks ${toLoad.join(', ')}`;
  return 'the engine has every image of the current pins';
}

export function situationDigest({ found, pins, toolsToBring, tools }: Situation): string {
  const images = isComplete(found) ? Object.values(labImages(found)) : pins.map(({ name }) => name);
  return keyOf({ images, tools: [...toolsToBring.map(({ path }) => path), ...Object.values(tools)] });
}
