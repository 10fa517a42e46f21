import { join } from 'node:path';
import type { LabImages, Provided, Survey } from '../../ports/image-source.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import { describeStages, type StageSet } from './all-stages.ts';
import { taskShapes } from './build-all.ts';
import { readManifest, stageDir } from './cache.ts';
import { imageNames, missingImages, type EngineImage, type EngineImageId } from './engine-image-table.ts';
import { heldImages, type EngineAccess } from './engine-images.ts';
import { estimateSeconds } from './estimate.ts';
import { keyOf } from './keys.ts';
import { missingStages } from './missing.ts';
import type { Stage } from './stage.ts';

export interface PackagesSourceDeps {
  readonly runner: ProcessRunner;
  readonly cacheDir: string;
  /** The directory `templates` of this project. */
  readonly templatesDir: string;
  /** The compiled package: `dist`. */
  readonly distDir: string;
  /** `unix:///var/run/docker.sock`; undefined leaves the choice to the docker command. */
  readonly dockerHost?: string | undefined;
  /** References that the engine holds, asked without any program; undefined leaves it to the docker command. */
  readonly matching?: EngineAccess['matching'];
}

/** Stages whose programs run on the host: they are needed even when the engine has all images. */
const TOOL_STAGES = ['kind', 'istioctl'];

/** What an image takes while it is loaded: unpacked in the engine, and its archive twice beside it. */
const LOAD_BYTES: Readonly<Record<EngineImageId, number>> = {
  'node-base': 4500e6,
  'guest-base': 700e6,
  edge: 450e6,
  node: 20e6,
  guest: 20e6,
};

const LOAD_SECONDS: Readonly<Record<EngineImageId, number>> = {
  'node-base': 12,
  'guest-base': 2,
  edge: 2,
  node: 1,
  guest: 1,
};

/** What there should be, and what of it is not there. */
export interface Situation {
  readonly set: StageSet;
  readonly names: ReadonlyMap<EngineImageId, string>;
  /** Stages to make, in order. */
  readonly stages: readonly Stage[];
  /** Images to load into the engine, in order. */
  readonly images: readonly EngineImage[];
}

/** Compares the pins with the engine and the cache. Changes nothing. */
export async function assess(
  deps: PackagesSourceDeps,
  engine: EngineAccess,
  signal: AbortSignal,
): Promise<Situation> {
  const [set, held] = await Promise.all([describeStages(deps, signal), heldImages(engine, signal)]);
  const names = imageNames(set.keys);
  const images = missingImages(names, held);
  const targets = [...TOOL_STAGES, ...images.flatMap((image) => image.layers.map((layer) => layer.stage))];
  const there = await finishedStages(deps.cacheDir, set.keys);
  return { set, names, images, stages: missingStages(set.stages, targets, (stage) => there.has(stage)) };
}

async function finishedStages(
  cacheDir: string,
  keys: ReadonlyMap<string, string>,
): Promise<ReadonlySet<string>> {
  const looked = [...keys].map(async ([stage, key]) => {
    return (await readManifest(stageDir(cacheDir, stage, key))) === undefined ? [] : [stage];
  });
  return new Set((await Promise.all(looked)).flat());
}

/** Free disk that the missing part needs, by where it goes. Pure. */
export function bytesOf({ stages, images }: Pick<Situation, 'stages' | 'images'>) {
  return {
    cache: sum(stages.map((stage) => stage.aboutBytes)),
    compiler: sum(stages.map((stage) => stage.compilerBytes ?? 0)),
    engine: sum(images.map((image) => LOAD_BYTES[image.id])),
  };
}

/** Pure. */
export function survey(found: Situation): Survey {
  const { stages, images } = found;
  const bytes = bytesOf(found);
  return {
    digest: imagesDigest(found),
    images: labImages(found.names),
    inCluster: [],
    missing: [...stages.map((stage) => `stage ${stage.id}`), ...images.map((image) => `image ${image.id}`)],
    because: because(stages.length, images.length),
    neededBytes: bytes.cache + bytes.compiler + bytes.engine,
    aboutSeconds: estimateSeconds(taskShapes(stages)) + sum(images.map((image) => LOAD_SECONDS[image.id])),
  };
}

function because(stages: number, images: number): string {
  if (stages > 0) return `not in the cache: ${counted(stages, 'stage')} of the current pins`;
  if (images > 0) return `the cache is complete; the engine lacks ${counted(images, 'image')}`;
  return 'the engine has every image of the current pins';
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** What the source answers when nothing is missing any more. Pure. */
export function provided(deps: PackagesSourceDeps, found: Situation): Provided {
  const tool = (stage: string): string =>
    join(stageDir(deps.cacheDir, stage, found.set.keys.get(stage) ?? ''), 'bin', stage);
  return {
    images: labImages(found.names),
    tools: { kind: tool('kind'), istioctl: tool('istioctl') },
    digest: imagesDigest(found),
  };
}

function labImages(names: ReadonlyMap<EngineImageId, string>): LabImages {
  const name = (id: EngineImageId): string => names.get(id) ?? '';
  return { node: name('node'), edge: name('edge'), guest: name('guest') };
}

function imagesDigest({ set, names }: Situation): string {
  return keyOf({ images: [...names.values()], tools: TOOL_STAGES.map((stage) => set.keys.get(stage) ?? '') });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
