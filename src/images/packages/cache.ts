import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import { namesIn } from './digest.ts';
import { isMissing } from '../../errors/system-error.ts';

const MANIFEST = 'manifest.json';
const BUILDING = '.building-';

const manifestSchema = z.object({
  stage: z.string(),
  key: z.string(),
  madeAt: z.string(),
  seconds: z.number(),
  bytes: z.number(),
  files: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
});

/** What a finished stage says about itself; written last, so its presence means "complete". */
export type StageManifest = z.infer<typeof manifestSchema>;

/** Where stages of the source `packages` live. */
export function packagesDir(cacheDir: string): string {
  return join(cacheDir, 'packages');
}

export function stageDir(cacheDir: string, stage: string, key: string): string {
  return join(packagesDir(cacheDir), `${stage}-${key}`);
}

/** Where a stage is made before it is renamed into place; holds the log of a failed build. */
export function buildingDir(cacheDir: string, stage: string, key: string): string {
  return join(packagesDir(cacheDir), `${BUILDING}${stage}-${key}`);
}

export function manifestPath(dir: string): string {
  return join(dir, MANIFEST);
}

/** The manifest of a finished stage, or undefined when it is not there. */
export async function readManifest(dir: string): Promise<StageManifest | undefined> {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(await readFile(manifestPath(dir), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @throws MeshdevError CACHE_NOT_WRITABLE */
export async function ensureCache(cacheDir: string): Promise<void> {
  const dir = packagesDir(cacheDir);
  try {
    await mkdir(dir, { recursive: true });
    await rm(await mkdtemp(join(dir, '.write-test-')), { recursive: true });
  } catch (error) {
    throw new MeshdevError('CACHE_NOT_WRITABLE', {
      message: `writing into ${dir} failed: ${textOf(error)}`,
      remedies: [`ls -ld ${cacheDir}`, 'XDG_CACHE_HOME=/another/directory meshdev up'],
      cause: error,
    });
  }
}

/** Removes what builds and loads left that were killed; only for whoever holds the lock. */
export async function sweepCache(cacheDir: string): Promise<void> {
  const left = (await namesIn(packagesDir(cacheDir))).filter((name) =>
    /^\.(building|load|write-test)-/.test(name),
  );
  for (const name of left) await rm(join(packagesDir(cacheDir), name), { recursive: true, force: true });
}

/** A directory for the length of one operation; swept up later if its owner is killed. */
export function loadingDir(cacheDir: string): Promise<string> {
  return mkdtemp(join(packagesDir(cacheDir), '.load-'));
}

/** One entry of the cache, as `images list` shows it. */
export interface CachedStage {
  readonly stage: string;
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  /** ISO time; undefined for what an interrupted build left. */
  readonly madeAt: string | undefined;
  /** `current`: made from the pins of this meshdev. `unfinished`: left by an interrupted build. */
  readonly state: 'current' | 'stale' | 'unfinished';
}

/** Lists the cache. `currentKeys` maps stage ids to the keys of the present pins. */
export async function listImages(
  cacheDir: string,
  currentKeys: ReadonlyMap<string, string>,
): Promise<readonly CachedStage[]> {
  const names = await namesIn(packagesDir(cacheDir));
  const found = await Promise.all(names.map((name) => describe(cacheDir, name, currentKeys)));
  return found.filter((entry) => entry !== undefined).toSorted((a, b) => a.stage.localeCompare(b.stage));
}

async function describe(
  cacheDir: string,
  name: string,
  currentKeys: ReadonlyMap<string, string>,
): Promise<CachedStage | undefined> {
  const match = /^(\.building-)?(.+)-([0-9a-f]{16})$/.exec(name);
  const [, building, stage, key] = match ?? [];
  if (stage === undefined || key === undefined) return undefined;
  const path = join(packagesDir(cacheDir), name);
  const manifest = building === undefined ? await readManifest(path) : undefined;
  if (manifest === undefined) {
    return { stage, key, path, bytes: await bytesBelow(path), madeAt: undefined, state: 'unfinished' };
  }
  const state = currentKeys.get(stage) === key ? ('current' as const) : ('stale' as const);
  return { stage, key, path, bytes: manifest.bytes, madeAt: manifest.madeAt, state };
}

/**
 * Removes stages that the present pins do not use and what interrupted builds left; with `all`,
 * everything. Returns what was removed.
 */
export async function pruneImages(
  cacheDir: string,
  options: { readonly all: boolean; readonly currentKeys: ReadonlyMap<string, string> },
): Promise<readonly CachedStage[]> {
  const listed = await listImages(cacheDir, options.currentKeys);
  const removed = listed.filter((entry) => options.all || entry.state !== 'current');
  for (const entry of removed) await rm(entry.path, { recursive: true, force: true });
  return removed;
}

async function bytesBelow(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
