import { createHash } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { arch, homedir } from 'node:os';
import { join } from 'node:path';
import { toolSpecs } from '../../../src/images/registry/tool-specs.ts';
import { describeStages } from '../../../src/images/packages/all-stages.ts';
import { stageDir } from '../../../src/images/packages/cache.ts';
import { ENGINE_IMAGES, type EngineImageId } from '../../../src/images/packages/engine-image-table.ts';
import { type ImageSpec, writeImageLayout } from '../../../src/images/packages/image-archive.ts';
import { CLUSTER_IMAGES, type InClusterImage } from '../../../src/images/packages/in-cluster-images.ts';
import { layerAt, packFiles } from '../../../src/images/packages/layer.ts';
import type { StageWork } from '../../../src/images/packages/stage.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';
import { PROFILES, type RegistryImageId } from '../../../src/profiles.ts';
import { cachedProgram } from '../programs.ts';
import { must } from '../e2e-program.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PINS = PROFILES.stock.images;
export const DOCKER_ARCH = arch() === 'x64' ? 'amd64' : arch();

/**
 * A layout with an image of a few bytes behind every name: enough to be pulled, not to be run. Each directory
 * has other bytes, so that tests beside each other have other images in the engine.
 */
export async function tinyLayout(dir: string): Promise<string> {
  const layers = join(dir, 'layers');
  await mkdir(layers, { recursive: true });
  const images = await Promise.all(
    Object.entries(PINS).map(async ([id, { name }]): Promise<ImageSpec> => {
      const [file, layer] = [join(layers, `${id}.txt`), join(layers, `${id}.tar`)];
      // Random enough that packing leaves something to cut and to flip.
      await writeFile(
        file,
        Array.from({ length: 400 }, (_, index) =>
          createHash('sha256').update(`${dir}${id}${index}`).digest('hex'),
        ).join('\n'),
      );
      await must('tar', ['-C', layers, '-cf', layer, `${id}.txt`]);
      return { name, layers: [await layerAt(layer)], config: { cmd: ['/nothing'] } };
    }),
  );
  const layout = join(dir, 'layout');
  await writeImageLayout(layout, images, DOCKER_ARCH);
  return layout;
}

/** Release files whose programs only say their version. */
export async function tinyTools(dir: string): Promise<string> {
  const said = { kind: (version: string) => `kind ${version} test`, istioctl: (version: string) => version };
  await Promise.all(
    toolSpecs('stock', { platform: process.platform, arch: arch() }).map(async (spec) => {
      const program = join(dir, `tiny-${spec.name}`);
      await mkdir(dir, { recursive: true });
      await writeFile(program, `#!/bin/sh\necho '${said[spec.name](spec.version)}'\n`);
      await publish(dir, spec, program);
    }),
  );
  return join(dir, 'downloads');
}

/** The release files of the programs that the source `packages` built. */
export async function realTools(dir: string): Promise<string> {
  for (const spec of toolSpecs('stock', { platform: process.platform, arch: arch() }))
    await publish(dir, spec, await cachedProgram(spec.name));
  return join(dir, 'downloads');
}

type Spec = ReturnType<typeof toolSpecs>[number];

async function publish(dir: string, { name, path, sumPath, packed }: Spec, program: string): Promise<void> {
  const target = join(dir, 'downloads', path);
  await mkdir(join(target, '..'), { recursive: true });
  const work = join(dir, `work-${name}`);
  await mkdir(work, { recursive: true });
  await copyFile(program, join(work, name));
  await chmod(join(work, name), 0o755);
  if (packed) await must('tar', ['--use-compress-program=gzip -1', '-C', work, '-cf', target, name]);
  else await cp(join(work, name), target);
  const sum = (await must('sha256sum', [target])).split(' ')[0];
  await writeFile(join(dir, 'downloads', sumPath), `${sum}  ${target.split('/').at(-1)}\n`);
}

/**
 * A layout with the images that the source `packages` built, under their official names. The node is the
 * one below the lab's: the guest is not in it, and pilot, proxyv2 and httpbin have other digests there, so
 * that a lab works only with what is streamed into it.
 */
export async function stockLayout(dir: string, runner: ProcessRunner, signal: AbortSignal): Promise<string> {
  const cacheDir = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meshdev');
  const set = await describeStages(
    { runner, cacheDir, templatesDir: join(ROOT, 'templates'), distDir: join(ROOT, 'dist') },
    signal,
  );
  const of = (stage: string): string => stageDir(cacheDir, stage, set.keys.get(stage) ?? '');
  const scratch = join(dir, 'scratch');
  await mkdir(scratch, { recursive: true });
  const work: StageWork = {
    out: dir,
    scratch,
    of,
    signal,
    run: (command, args, options = {}) => runner.run(command, args, { ...options, signal }),
  };
  const engineImage = async (id: EngineImageId, as: RegistryImageId): Promise<ImageSpec> => {
    const image = ENGINE_IMAGES.find((one) => one.id === id);
    const layers = await Promise.all(
      (image?.layers ?? []).map(({ stage, file }) => layerAt(join(of(stage), file))),
    );
    return { name: PINS[as].name, layers, config: image?.config ?? {} };
  };
  const inCluster = async (part: string, as: RegistryImageId): Promise<ImageSpec> => {
    const image = CLUSTER_IMAGES.find(({ name }) => name.includes(`/${part}:`));
    if (image === undefined) throw new Error(`there is no image ${part}`);
    return { ...(await packLayers(image, work, part)), name: PINS[as].name };
  };
  const images = await Promise.all([
    engineImage('node-base', 'node'),
    engineImage('edge', 'edge'),
    engineImage('guest-base', 'guestBase'),
    inCluster('pilot', 'pilot'),
    inCluster('proxyv2', 'proxyv2'),
    inCluster('httpbin', 'httpbin'),
  ]);
  const layout = join(dir, 'layout');
  await writeImageLayout(layout, images, DOCKER_ARCH);
  return layout;
}

async function packLayers(image: InClusterImage, work: StageWork, part: string): Promise<ImageSpec> {
  const own = join(work.scratch, `${part}.tar`);
  const files = image.files.map(({ stage, file, to, mode }) => ({
    from: join(work.of(stage), file),
    to,
    mode: mode ?? 0o755,
  }));
  await packFiles(work, own, files, image.dirs);
  const below = await Promise.all(image.below.map((stage) => layerAt(join(work.of(stage), 'layer.tar'))));
  return { name: image.name, layers: [...below, await layerAt(own)], config: image.config };
}
