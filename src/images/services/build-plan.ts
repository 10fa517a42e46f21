import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { isMissing } from '../../errors/system-error.ts';
import type { WatchedSource } from '../../ports/source-changes.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { Service, ServiceSource } from '../../topology/service.ts';
import { keyOf } from '../packages/keys.ts';
import { type ContextEntry, scanContext } from './context.ts';
import { type Dockerfile, readDockerfile } from './dockerfile.ts';
import { type Ignore, parseDockerignore } from './dockerignore.ts';
import { type BuildNames, notThere, unusable } from './problems.ts';

export type BuildSource = Extract<ServiceSource, { kind: 'build' }>;

/** All that a build is made of but its base images. */
export interface BuildPlan {
  readonly names: BuildNames;
  /** Absolute. */
  readonly contextDir: string;
  readonly entries: readonly ContextEntry[];
  /** The text of the Dockerfile. */
  readonly text: string;
  readonly dockerfile: Dockerfile;
  /** The Dockerfile as a path of the context; undefined where it is not among the entries as a file. */
  readonly inContext: string | undefined;
  readonly target: string | undefined;
  /** Of the engine: `linux/amd64`. */
  readonly platform: string;
}

export interface PlanChoice {
  readonly projectDir: string;
  readonly platform: string;
}

/**
 * Reads context, Dockerfile and `.dockerignore` of a service. Changes nothing.
 * @throws MeshdevError CONFIG_INVALID, SERVICE_BUILD_FAILED naming file and line
 */
export async function planBuild(
  { id }: Pick<Service, 'id'>,
  source: BuildSource,
  { projectDir, platform }: PlanChoice,
  run: RunScope,
): Promise<BuildPlan> {
  const { contextDir, file, names } = placesOf({ id }, source, projectDir);
  const { target, args } = source;
  if ((await kindOf(contextDir)) !== 'directory') throw notThere(names, source.context, 'a directory');
  if ((await kindOf(file)) !== 'file') throw notThere(names, names.dockerfile, 'a file');
  const text = await readFile(file, 'utf8');
  const choice = { args, platform, ...(target === undefined ? {} : { target }) };
  const dockerfile = attempt(names, names.dockerfile, () => readDockerfile(text, choice));
  const ignore = await ignoreOf(names, contextDir, file, projectDir);
  const entries = await scanContext(await realpath(contextDir), ignore, run);
  const path = relative(contextDir, file).split(sep).join('/');
  const inContext = entries.some((entry) => entry.kind === 'file' && entry.path === path) ? path : undefined;
  return { names, contextDir, entries, text, dockerfile, inContext, target, platform };
}

const DOCKERIGNORE = '.dockerignore';

interface BuildPlaces {
  /** Absolute, as the Dockerfile is. */
  readonly contextDir: string;
  readonly file: string;
  readonly names: BuildNames;
}

function placesOf({ id }: Pick<Service, 'id'>, source: BuildSource, projectDir: string): BuildPlaces {
  const contextDir = resolve(projectDir, source.context);
  const file = resolve(contextDir, source.dockerfile ?? 'Dockerfile');
  const { target, args } = source;
  const names: BuildNames = {
    service: id,
    context: source.context,
    dockerfile: relative(projectDir, file),
    args: Object.keys(args),
    ...(target === undefined ? {} : { target }),
  };
  return { contextDir, file, names };
}

async function kindOf(path: string): Promise<'file' | 'directory' | 'other' | undefined> {
  try {
    const seen = await stat(path);
    if (seen.isFile()) return 'file';
    return seen.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The file of this Dockerfile wins over the one of the context, as in BuildKit. */
async function ignoreOf(
  names: BuildNames,
  contextDir: string,
  dockerfile: string,
  projectDir: string,
): Promise<Ignore> {
  for (const path of [`${dockerfile}${DOCKERIGNORE}`, join(contextDir, DOCKERIGNORE)]) {
    if ((await kindOf(path)) !== 'file') continue;
    const text = await readFile(path, 'utf8');
    return attempt(names, relative(projectDir, path), () => parseDockerignore(text));
  }
  return parseDockerignore('');
}

function attempt<T>(names: BuildNames, file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unusable(names, file, error);
  }
}

/**
 * What a build reads: its context without what `.dockerignore` leaves out, and its Dockerfile where that is elsewhere.
 * @throws MeshdevError SERVICE_BUILD_FAILED for a `.dockerignore` that cannot be read
 */
export async function sourcesOf(
  { id }: Pick<Service, 'id'>,
  source: BuildSource,
  projectDir: string,
): Promise<readonly WatchedSource[]> {
  const { contextDir, file, names } = placesOf({ id }, source, projectDir);
  const ignore = await ignoreOf(names, contextDir, file, projectDir);
  // The engine is sent them however they are ignored, and they decide what is built.
  const always = [relative(contextDir, file), DOCKERIGNORE].map((path) => path.split(sep).join('/'));
  const isAlways = (path: string): boolean =>
    always.some((one) => one === path || `${one}${DOCKERIGNORE}` === path || one.startsWith(`${path}/`));
  const ignores = (path: string): boolean => !isAlways(path) && ignore.ignores(path) && ignore.prunes(path);
  const alone = file.startsWith(`${contextDir}${sep}`) ? [] : [{ path: file, ignores: () => false }];
  return [{ path: contextDir, ignores }, ...alone];
}

/**
 * Sixteen hexadecimal digits over all that decides what the image has in it. Pure.
 * @param bases ids of the base images in the engine, by the name that the Dockerfile has
 */
export function buildKey(plan: BuildPlan, bases: ReadonlyMap<string, string>): string {
  return keyOf({
    version: 1,
    platform: plan.platform,
    target: plan.target ?? null,
    args: plan.dockerfile.args,
    dockerfile: plan.text,
    bases: [...bases].map(([name, id]) => [name, id]),
    entries: plan.entries.map((entry) => [
      entry.path,
      entry.kind,
      entry.mode,
      entry.kind === 'file' ? entry.sha256 : entry.kind === 'link' ? entry.to : '',
    ]),
  });
}

/** `12 files, 34 kB`. Pure. */
export function sizeOfContext({ entries }: Pick<BuildPlan, 'entries'>): string {
  const files = entries.flatMap((entry) => (entry.kind === 'file' ? [entry.bytes] : []));
  const bytes = files.reduce((sum, size) => sum + size, 0);
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`;
  return `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${size}`;
}
