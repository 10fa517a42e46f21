import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { sha256OfFile } from '../../../src/images/packages/digest.ts';
import { EPOCH, type Layer, layerAt, placeFiles } from '../../../src/images/packages/layer.ts';
import type { Stage, StageWork } from '../../../src/images/packages/stage.ts';
import { type ToolSpec, toolSpecs } from '../../../src/images/registry/tool-specs.ts';
import { PROFILES } from '../../../src/profiles.ts';
import { OFFICIAL_IMAGES, type OfficialImage } from './images.ts';
import { writePublishedLayout } from './layout.ts';

/**
 * What the projects publish, as far as it can be made: `layout` has the images under their official names,
 * `downloads` the release files of kind and istioctl.
 * @param code digest of the code that makes them
 */
export function registryStage(imageArch: string, code: string): Stage {
  const tools = toolSpecs('official', { platform: platform(), arch: arch() });
  const used = OFFICIAL_IMAGES.flatMap(({ below, files }) => [...below, ...files].map(({ stage }) => stage));
  return {
    id: 'official-registry',
    needs: [...new Set([...used, ...tools.map(({ name }) => name)])],
    slot: 'io',
    aboutSeconds: 40,
    aboutBytes: 2500e6,
    inputs: {
      code,
      images: JSON.stringify(OFFICIAL_IMAGES),
      names: JSON.stringify(OFFICIAL_IMAGES.map(({ id }) => nameOf(id))),
      tools: tools.map(({ path }) => path),
    },
    build: async (work) => {
      const images = [];
      for (const image of OFFICIAL_IMAGES)
        images.push({ name: nameOf(image.id), layers: await layersOf(image, work), config: image.config });
      await writePublishedLayout(join(work.out, 'layout'), images, imageArch);
      for (const tool of tools) await publish(work, tool);
    },
  };
}

function nameOf(id: OfficialImage['id']): string {
  return PROFILES.official.images[id].name;
}

async function layersOf(image: OfficialImage, work: StageWork): Promise<readonly Layer[]> {
  const below = await Promise.all(image.below.map(({ stage, file }) => layerAt(join(work.of(stage), file))));
  return [...below, await ownLayer(image, work)];
}

/** An empty file of this name hides the one of the layers below. */
const WHITEOUT = '.wh.';

async function ownLayer(image: OfficialImage, work: StageWork): Promise<Layer> {
  const tree = join(work.scratch, image.id);
  await mkdir(tree);
  await placeFiles(
    tree,
    image.files.map(({ stage, file, to, mode = 0o755 }) => ({ from: join(work.of(stage), file), to, mode })),
  );
  for (const { path, uid, mode = 0o755 } of image.dirs ?? []) {
    await mkdir(join(tree, path), { recursive: true });
    await chown(join(tree, path), uid, uid);
    await chmod(join(tree, path), mode);
  }
  for (const path of image.without ?? []) {
    await mkdir(join(tree, dirname(path)), { recursive: true });
    await writeFile(join(tree, dirname(path), `${WHITEOUT}${basename(path)}`), '');
  }
  for (const path of image.bindsLowPorts ?? [])
    await work.run('python3', ['-c', SET_CAPABILITY, join(tree, path)]);
  const target = join(work.scratch, `${image.id}.tar`);
  const stamp = ['--sort=name', '--numeric-owner', `--mtime=@${EPOCH}`];
  const attributes = ['--xattrs', '--xattrs-include=security.capability'];
  await work.run('tar', [...stamp, ...attributes, '-C', tree, '-cf', target, '.']);
  return layerAt(target);
}

/** `setcap cap_net_bind_service=+ep`, without the program: revision 2, effective, bit 10 permitted. */
const SET_CAPABILITY =
  'import os, struct, sys; os.setxattr(sys.argv[1], "security.capability", struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0))';

async function publish(work: StageWork, { name, path, sumPath, packed }: ToolSpec): Promise<void> {
  const downloads = join(work.out, 'downloads');
  const bin = join(work.of(name), 'bin');
  const target = join(downloads, path);
  await mkdir(dirname(target), { recursive: true });
  if (packed) await work.run('tar', ['--use-compress-program=gzip -1', '-C', bin, '-cf', target, name]);
  else await copyFile(join(bin, name), target);
  await writeFile(join(downloads, sumPath), `${await sha256OfFile(target)}  ${basename(target)}\n`);
}
