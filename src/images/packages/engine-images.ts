import { link, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { waitUntil } from '../../run/wait-until.ts';
import { loadingDir, readManifest, stageDir } from './cache.ts';
import { IMAGE_PREFIX, type EngineImage, type EngineImageId } from './engine-image-table.ts';
import { writeImageLayout } from './image-archive.ts';
import { layerAt, type Layer } from './layer.ts';

const ENGINE_START_MS = 60_000;

/** The container engine as far as images go, through its command line. */
export interface EngineAccess {
  readonly runner: ProcessRunner;
  readonly dockerHost: string | undefined;
  /** References that match a pattern, from the engine itself: looking needs no docker command. */
  readonly matching?: ((pattern: string, signal: AbortSignal) => Promise<readonly string[]>) | undefined;
}

export interface LoadPlan {
  readonly cacheDir: string;
  readonly arch: string;
  readonly keys: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<EngineImageId, string>;
}

/** Where images of a lab are, and those of services: a pattern does not go over a slash. */
const LAB_PATTERNS = [`${IMAGE_PREFIX}/*`];
const SERVICE_PATTERNS = [`${IMAGE_PREFIX}/service/*`, `${IMAGE_PREFIX}/fetched/*`];

/** References of the images of labs that the engine holds; none when it does not answer. */
export function heldImages(engine: EngineAccess, signal: AbortSignal): Promise<ReadonlySet<string>> {
  return heldAs(engine, LAB_PATTERNS, signal);
}

/** The same, and those of services of users. */
export function allHeldImages(engine: EngineAccess, signal: AbortSignal): Promise<ReadonlySet<string>> {
  return heldAs(engine, [...LAB_PATTERNS, ...SERVICE_PATTERNS], signal);
}

async function heldAs(
  { matching, ...engine }: EngineAccess,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (matching !== undefined)
    return new Set((await Promise.all(patterns.map((pattern) => matching(pattern, signal)))).flat());
  if ((await engine.runner.find('docker')) === undefined) return new Set();
  const filters = patterns.flatMap((pattern) => ['--filter', `reference=${pattern}`]);
  const list = ['image', 'ls', ...filters, '--format', '{{.Repository}}:{{.Tag}}'];
  const { exitCode, stdout } = await docker(engine, list, signal, true);
  const names = stdout.split('\n').filter((name) => name.startsWith(`${IMAGE_PREFIX}/`));
  return new Set(exitCode === 0 ? names : []);
}

/** Removes image references; what a container still uses stays. Returns what was removed. */
export async function removeImages(
  engine: EngineAccess,
  references: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const reference of references) {
    const { exitCode } = await docker(engine, ['image', 'rm', reference], signal, true);
    if (exitCode === 0) removed.push(reference);
  }
  return removed;
}

/** Directory in which the engine keeps its images, when it is one of this machine. */
export async function engineDataRoot(engine: EngineAccess, signal: AbortSignal): Promise<string> {
  const fallback = '/var/lib/docker';
  if ((await engine.runner.find('docker')) === undefined) return fallback;
  const { exitCode, stdout } = await docker(engine, ['info', '--format', '{{.DockerRootDir}}'], signal, true);
  return exitCode === 0 && stdout.startsWith('/') ? stdout : fallback;
}

/** Waits for an engine that is being started beside the build. */
export async function engineAnswers(engine: EngineAccess, run: RunScope): Promise<void> {
  const what = 'the container engine to answer';
  await waitUntil(
    async () => ({ done: await docker(engine, ['version', '--format', '{{.Server.Version}}'], run.signal) }),
    {
      what,
      timeoutMs: ENGINE_START_MS,
      remedies: ['meshdev engine status', 'meshdev engine start'],
      onSeen: () => run.progress(`waiting for ${what.replace(' to answer', '')}`),
      signal: run.signal,
    },
  );
}

/** Puts one image into the engine; the stages it is made of must be in the cache. */
export async function loadImage(
  engine: EngineAccess,
  image: EngineImage,
  plan: LoadPlan,
  signal: AbortSignal,
): Promise<void> {
  const dir = await loadingDir(plan.cacheDir);
  try {
    if (image.on === undefined) await loadArchive(engine, image, plan, dir, signal);
    else await buildOnTop(engine, image, image.on, plan, dir, signal);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function loadArchive(
  engine: EngineAccess,
  image: EngineImage,
  plan: LoadPlan,
  dir: string,
  signal: AbortSignal,
): Promise<void> {
  const layers = await layersOf(image, plan);
  const layout = join(dir, 'layout');
  await writeImageLayout(layout, [{ name: nameOf(plan, image.id), layers, config: image.config }], plan.arch);
  const archive = join(dir, 'image.tar');
  await engine.runner.run('tar', ['-C', layout, '-cf', archive, '.'], { signal });
  await docker(engine, ['load', '--quiet', '--input', archive], signal);
}

/** A thin layer on an image that is there already: the engine reads only the layer. */
async function buildOnTop(
  engine: EngineAccess,
  image: EngineImage,
  on: EngineImageId,
  plan: LoadPlan,
  dir: string,
  signal: AbortSignal,
): Promise<void> {
  const files = (await layersOf(image, plan)).map((layer) => layer.path);
  await Promise.all(files.map((path, index) => link(path, join(dir, `${index}.tar`))));
  const adds = files.map((_, index) => `ADD ${index}.tar /`);
  await writeFile(join(dir, 'Dockerfile'), [`FROM ${nameOf(plan, on)}`, ...adds, ''].join('\n'));
  await docker(engine, ['build', '--quiet', '--force-rm', '--tag', nameOf(plan, image.id), dir], signal);
}

/** The layers of an image, each one compared with what its stage wrote down when it was made. */
function layersOf(image: EngineImage, plan: LoadPlan): Promise<readonly Layer[]> {
  return Promise.all(
    image.layers.map(({ stage, file }) =>
      verifiedLayer(stageDir(plan.cacheDir, stage, plan.keys.get(stage) ?? ''), file),
    ),
  );
}

async function verifiedLayer(dir: string, file: string): Promise<Layer> {
  const [layer, manifest] = await Promise.all([layerAt(join(dir, file)), readManifest(dir)]);
  const made = manifest?.files.find((one) => one.path === file)?.sha256;
  if (layer.digest === made) return layer;
  throw new MeshdevError('IMAGE_BUILD_FAILED', {
    message: `loading ${layer.path} failed: its sha256 is ${layer.digest}, expected ${made ?? 'none'}`,
    remedies: [`rm -r ${dir}`, 'meshdev images build'],
  });
}

function nameOf(plan: LoadPlan, id: EngineImageId): string {
  const name = plan.names.get(id);
  if (name === undefined) throw new RangeError(`no name for the image ${id}`);
  return name;
}

async function docker(
  engine: EngineAccess,
  args: readonly string[],
  signal: AbortSignal,
  allowFailure = false,
) {
  const host = engine.dockerHost === undefined ? {} : { DOCKER_HOST: engine.dockerHost };
  // The classic builder: it needs no plugin, and there is nothing here that BuildKit would do better.
  return engine.runner.run('docker', args, { env: { ...host, DOCKER_BUILDKIT: '0' }, allowFailure, signal });
}
