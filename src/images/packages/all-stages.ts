import { arch } from 'node:os';
import { join } from 'node:path';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import { GO_PINS, type GoComponent } from '../../versions.ts';
import { createAptAccess } from './apt.ts';
import { readCompiler } from './compiler.ts';
import { CLUSTER_IMAGES, type InClusterImage } from './in-cluster-images.ts';
import { stageKeys } from './keys.ts';
import type { Stage } from './stage.ts';
import { clusterImagesStage } from './stages/cluster-images-stage.ts';
import { debianStages } from './stages/debian-stages.ts';
import { edgeStage } from './stages/edge-stage.ts';
import { GO_RECIPES, type GoRecipe } from './stages/go-recipes.ts';
import { goStages } from './stages/go-stages.ts';
import { digestOfCode } from '../container-code.ts';
import { guestBaseStage, guestStage } from './stages/guest-stages.ts';
import { nodeProgramsStage } from './stages/node-stages.ts';
import { programStages } from './stages/program-stages.ts';
import { digestOfTree } from './tree-digest.ts';

export interface StageSources {
  readonly runner: ProcessRunner;
  readonly cacheDir: string;
  /** The directory `templates` of this project. */
  readonly templatesDir: string;
  /** The compiled package: `dist`. */
  readonly distDir: string;
}

/** Every stage with its key; a stage comes after all it needs. */
export interface StageSet {
  readonly stages: readonly Stage[];
  readonly keys: ReadonlyMap<string, string>;
  /** How images call this machine: `amd64`, `arm64`. */
  readonly arch: string;
  readonly go: GoInstallation;
}

/** The Go of this machine, or the one that the cache was made with. */
export interface GoInstallation {
  readonly version: string;
  /** Compiled packages; empty where there is no Go on PATH. */
  readonly cache: string;
  readonly onPath: boolean;
}

/** What is compiled, and which images of the cluster are made of it. */
export interface Recipes {
  readonly go: readonly GoRecipe[];
  /** The version that the recipe `kubernetes` sets. */
  readonly kubernetes: string;
  readonly clusterImages: readonly InClusterImage[];
}

/** Of the source `packages`. */
export const RECIPES: Recipes = {
  go: GO_RECIPES,
  kubernetes: GO_PINS.kubernetes.version,
  clusterImages: CLUSTER_IMAGES,
};

const DOCKER_ARCH: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Reads everything that decides the stages: templates, compiled guest, compiler version. */
export async function describeStages(
  sources: StageSources,
  signal: AbortSignal,
  recipes: Recipes = RECIPES,
): Promise<StageSet> {
  const templates = join(sources.templatesDir, 'images');
  const digest = (name: string): Promise<string> => digestOfTree(join(templates, name));
  const machine = DOCKER_ARCH[arch()] ?? arch();
  const go = await findGo(sources, signal);
  const modules = await digestsOfModules(templates);
  const moduleDir = (component: GoComponent): string => join(templates, 'go', component);
  const stages = [
    ...goStages(recipes.go, {
      moduleDir,
      moduleDigest: (component) => modules.get(component) ?? '',
      goVersion: go.version,
    }),
    ...debianStages(createAptAccess(sources.runner)),
    ...programStages({ templates, envoyDigest: await digest('envoy'), pauseDigest: await digest('pause') }),
    guestBaseStage({ templates, lockDigest: await digest('guest'), npmArch: arch() }),
    nodeProgramsStage({
      templates,
      filesDigest: await digest('node'),
      kubernetes: recipes.kubernetes,
    }),
    edgeStage(),
    clusterImagesStage(recipes.clusterImages, machine),
    guestStage({
      dist: sources.distDir,
      codeDigest: await digestOfCode(sources.distDir),
      arch: machine,
    }),
  ];
  return { stages, keys: stageKeys(stages, machine), arch: machine, go };
}

/** The compiler decides the bytes of every binary; that it is not on PATH now makes none of them another. */
async function findGo({ runner, cacheDir }: StageSources, signal: AbortSignal): Promise<GoInstallation> {
  if ((await runner.find('go')) === undefined)
    return { version: await readCompiler(cacheDir), cache: '', onPath: false };
  const { stdout } = await runner.run('go', ['env', 'GOVERSION', 'GOCACHE'], { signal });
  const [version = '', cache = ''] = stdout.split('\n');
  return { version, cache, onPath: true };
}

async function digestsOfModules(templates: string): Promise<ReadonlyMap<string, string>> {
  const names = Object.keys(GO_PINS);
  const digests = names.map(async (name) => [name, await digestOfTree(join(templates, 'go', name))] as const);
  return new Map(await Promise.all(digests));
}
