import type { ImageSource, Provided } from '../../ports/image-source.ts';
import { PROFILES } from '../../profiles.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { buildAll } from './build-all.ts';
import { packagesDir, sweepCache } from './cache.ts';
import { rememberCompiler } from './compiler.ts';
import { ensureSpace } from './disk.ts';
import { engineAnswers, engineDataRoot, loadImage, type EngineAccess } from './engine-images.ts';
import { lockCache } from './lock.ts';
import { buildNeeds, ensureBuildHost, installPrerequisites } from './prerequisites.ts';
import { assess, bytesOf, provided, survey, type PackagesSourceDeps, type Situation } from './situation.ts';

export type { PackagesSourceDeps } from './situation.ts';

/**
 * Builds every image from package registries (Debian, Go modules, PyPI, npm), stage by stage into a
 * cache, and loads the result into the engine.
 */
export function createPackagesSource(deps: PackagesSourceDeps): ImageSource {
  const engine = engineOf(deps);
  return {
    kind: 'packages',
    profile: PROFILES.stock,
    survey: async (signal) => survey(await assess(deps, engine, signal)),
    prerequisites: async (signal) => {
      const { stages } = await assess(deps, engine, signal);
      return stages.length === 0 ? undefined : buildNeeds(deps.runner, signal);
    },
    ensureRoom: async (signal) => ensureRoom(deps, engine, await assess(deps, engine, signal), signal),
    provide: (run) => provide(deps, engine, run),
  };
}

export function engineOf(deps: PackagesSourceDeps): EngineAccess {
  return { runner: deps.runner, dockerHost: deps.dockerHost, matching: deps.matching };
}

async function provide(deps: PackagesSourceDeps, engine: EngineAccess, run: RunScope): Promise<Provided> {
  const found = await assess(deps, engine, run.signal);
  if (found.stages.length + found.images.length > 0) {
    await using _lock = await lockCache(deps.cacheDir, run);
    await sweepCache(deps.cacheDir);
    // Whoever held the lock before may have made what was missing.
    await complete(deps, engine, await assess(deps, engine, run.signal), run);
  }
  if (found.set.go.onPath) await rememberCompiler(deps.cacheDir, found.set.go.version);
  return provided(deps, found);
}

async function complete(
  deps: PackagesSourceDeps,
  engine: EngineAccess,
  found: Situation,
  run: RunScope,
): Promise<void> {
  await ensureRoom(deps, engine, found, run.signal);
  if (found.stages.length > 0) await build(deps, found, run);
  if (found.images.length > 0) await load(deps, engine, found, run);
}

async function ensureRoom(
  { cacheDir }: PackagesSourceDeps,
  engine: EngineAccess,
  found: Situation,
  signal: AbortSignal,
): Promise<void> {
  const bytes = bytesOf(found);
  const compilerCache = found.set.go.cache || packagesDir(cacheDir);
  await ensureSpace([
    { purpose: 'the stages', path: packagesDir(cacheDir), bytes: bytes.cache },
    { purpose: 'the compiler cache', path: compilerCache, bytes: bytes.compiler },
    { purpose: 'the engine', path: await engineDataRoot(engine, signal), bytes: bytes.engine },
  ]);
}

async function build(deps: PackagesSourceDeps, found: Situation, run: RunScope): Promise<void> {
  const { go } = found.set;
  await ensureBuildHost(deps.runner, found.stages, go.onPath ? go.version : '');
  await installPrerequisites(deps.runner, run);
  const { runner, cacheDir } = deps;
  await buildAll(found.stages, { runner, cacheDir, keys: found.set.keys, now: () => new Date() }, run);
}

async function load(
  deps: PackagesSourceDeps,
  engine: EngineAccess,
  found: Situation,
  run: RunScope,
): Promise<void> {
  await engineAnswers(engine, run);
  const plan = { cacheDir: deps.cacheDir, arch: found.set.arch, keys: found.set.keys, names: found.names };
  for (const [index, image] of found.images.entries()) {
    run.progress(`loading image ${index + 1}/${found.images.length} ${image.id}`);
    await loadImage(engine, image, plan, run.signal);
  }
}
