import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describeStages, type StageSet } from '../../../src/images/packages/all-stages.ts';
import { buildAll } from '../../../src/images/packages/build-all.ts';
import { listImages, packagesDir, stageDir } from '../../../src/images/packages/cache.ts';
import { namesIn } from '../../../src/images/packages/digest.ts';
import { stageKeys } from '../../../src/images/packages/keys.ts';
import { lockCache } from '../../../src/images/packages/lock.ts';
import { missingStages } from '../../../src/images/packages/missing.ts';
import type { Stage } from '../../../src/images/packages/stage.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import { testCache } from '../test-cache.ts';
import { OFFICIAL_RECIPES } from './recipes.ts';

const ROOT = join(import.meta.dirname, '../../..');

/**
 * Makes one stage that stands on the official recipes, in a cache of the tests. What the source `packages`
 * has in its own cache is linked there and not made again.
 * @returns the directory of the finished stage
 */
export async function makeOfficialStage(
  target: (set: StageSet) => readonly Stage[],
  runner: ProcessRunner,
  run: RunScope,
): Promise<string> {
  const ownCache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshdev');
  const sources = {
    runner,
    cacheDir: ownCache,
    templatesDir: join(ROOT, 'templates'),
    distDir: join(ROOT, 'dist/guest'),
  };
  const set = await describeStages(sources, run.signal, OFFICIAL_RECIPES);
  const stages = [...set.stages, ...target(set)];
  const keys = stageKeys(stages, set.arch);
  const wanted = stages.at(-1)?.id ?? '';
  const cacheDir = testCache('official');
  await mkdir(packagesDir(cacheDir), { recursive: true });
  await using _lock = await lockCache(cacheDir, run);
  await linkFinished(ownCache, cacheDir, keys);
  await removeOld(cacheDir, keys);
  const there = new Set(await readdir(packagesDir(cacheDir)));
  const missing = missingStages(stages, [wanted], (id) => there.has(`${id}-${keys.get(id) ?? ''}`));
  await buildAll(missing, { runner, cacheDir, keys, now: () => new Date() }, run);
  return stageDir(cacheDir, wanted, keys.get(wanted) ?? '');
}

/** Stages that `packages` has finished under the same key; links to those of before are taken away first. */
async function linkFinished(from: string, to: string, keys: ReadonlyMap<string, string>): Promise<void> {
  const there = await readdir(packagesDir(to), { withFileTypes: true });
  for (const entry of there.filter((one) => one.isSymbolicLink()))
    await rm(join(packagesDir(to), entry.name));
  const made = new Set(there.filter((one) => !one.isSymbolicLink()).map(({ name }) => name));
  const finished = new Set(await namesIn(packagesDir(from)));
  for (const [id, key] of keys)
    if (finished.has(`${id}-${key}`) && !made.has(`${id}-${key}`))
      await symlink(stageDir(from, id, key), stageDir(to, id, key));
}

const DAY_MS = 24 * 60 * 60_000;

/** What no checkout has used since yesterday, and what an interrupted build left. */
async function removeOld(cacheDir: string, keys: ReadonlyMap<string, string>): Promise<void> {
  for (const { path, state, madeAt } of await listImages(cacheDir, keys))
    if (state !== 'current' && Date.now() - Date.parse(madeAt ?? '1970-01-01') > DAY_MS)
      await rm(path, { recursive: true, force: true });
}
