import { createHash } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { toolSpecs } from '../../../src/images/registry/tool-specs.ts';
import { type ImageSpec, writeImageLayout } from '../../../src/images/packages/image-archive.ts';
import { layerAt } from '../../../src/images/packages/layer.ts';
import { PROFILES } from '../../../src/profiles.ts';
import { must } from '../e2e-program.ts';

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
