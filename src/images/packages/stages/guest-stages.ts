import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MeshdevError } from '../../../errors/meshdev-error.ts';
import { GUEST_PINS, IN_CLUSTER_IMAGES } from '../../../versions.ts';
import { importIntoStore } from '../containerd-store.ts';
import { containerCode } from '../../container-code.ts';
import { GUEST_CONFIG } from '../in-cluster-images.ts';
import { layerAt, packFiles, packTree, placeFiles, type Layer } from '../layer.ts';
import type { Stage, StageWork } from '../stage.ts';
import {
  META_DB,
  NODE_BLOBS,
  NODE_STORE,
  STORE_EXCLUDES,
  storeTools,
  writeArchive,
} from './cluster-images-stage.ts';

export interface GuestBaseInputs {
  /** templates/images */
  readonly templates: string;
  readonly lockDigest: string;
  /** `x64`, `arm64`: how npm calls this machine. */
  readonly npmArch: string;
}

export interface GuestInputs {
  /** The compiled package. */
  readonly dist: string;
  /** Of what of it runs inside containers. */
  readonly codeDigest: string;
  readonly arch: string;
}

/** Node.js and the npm packages of the guest. */
export function guestBaseStage({ templates, lockDigest, npmArch }: GuestBaseInputs): Stage {
  const nodePackage = `node-linux-${npmArch}`;
  return {
    id: 'guest-base',
    needs: [],
    slot: 'io',
    aboutSeconds: 15,
    aboutBytes: 500e6,
    tools: ['npm'],
    inputs: { recipe: 2, lock: lockDigest, pins: GUEST_PINS },
    build: async (work) => {
      const install = join(work.scratch, 'install');
      await cp(join(templates, 'guest'), install, { recursive: true });
      await work.run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
        cwd: install,
      });
      const tree = join(work.scratch, 'tree');
      await placeFiles(tree, [
        { from: join(install, 'node_modules', nodePackage, 'bin/node'), to: 'usr/local/bin/node' },
      ]);
      const home = join(tree, 'opt/meshdev');
      await cp(join(install, 'node_modules'), join(home, 'node_modules'), {
        recursive: true,
        // Links to commands are of no use there, and would point into this directory.
        filter: (path) => basename(path) !== '.bin' && basename(path) !== nodePackage,
      });
      await writeFile(join(home, 'package.json'), '{"type":"module","private":true}\n');
      await packTree(work, tree, join(work.out, 'layer.tar'));
    },
  };
}

/**
 * The guest's own code, which changes often. Leaves layer.tar (the code, for the guest image) and
 * node-layer.tar: what importing the guest image changes in the node's containerd store, which is
 * its index and a few small files.
 */
export function guestStage({ dist, codeDigest, arch }: GuestInputs): Stage {
  return {
    id: 'guest',
    needs: ['rootfs-base', 'guest-base', 'cluster-images', 'containerd'],
    slot: 'io',
    aboutSeconds: 3,
    aboutBytes: 500e6,
    inputs: { recipe: 2, code: codeDigest, config: JSON.stringify(GUEST_CONFIG) },
    build: async (work) => {
      const own = join(work.out, 'layer.tar');
      await packCode(work, dist, own);
      const below = await Promise.all(
        ['rootfs-base', 'guest-base'].map((id) => layerAt(join(work.of(id), 'layer.tar'))),
      );
      const layers = [...below, await layerAt(own)];
      const archive = join(work.scratch, 'guest.tar');
      await writeArchive(
        work,
        [{ name: IN_CLUSTER_IMAGES.guest, layers, config: GUEST_CONFIG }],
        archive,
        arch,
      );
      await packStoreChange(work, archive, below);
    },
  };
}

/** Imports into a store that has the index of the node's, but none of its content. */
async function packStoreChange(work: StageWork, archive: string, below: readonly Layer[]): Promise<void> {
  const node = join(work.scratch, 'node');
  const root = join(node, NODE_STORE);
  await mkdir(dirname(join(root, META_DB)), { recursive: true });
  await copyFile(join(work.of('cluster-images'), 'meta.db'), join(root, META_DB));
  await importIntoStore(work, storeTools(work), root, archive);
  // The node has these already, below: the import wrote them again because it could not see them.
  for (const layer of below) await rm(join(root, NODE_BLOBS, layer.digest));
  await packTree(work, node, join(work.out, 'node-layer.tar'), STORE_EXCLUDES);
}

async function packCode(work: StageWork, dist: string, target: string): Promise<void> {
  const files = await containerCode(dist);
  if (files.length === 0) throw notCompiled(dist);
  const placed = files.map(({ from, to }) => ({ from, to: join('opt/meshdev', to), mode: 0o644 }));
  await packFiles(work, target, placed);
}

function notCompiled(dist: string): MeshdevError {
  return new MeshdevError('IMAGE_BUILD_FAILED', {
    message: `building the guest image failed: ${dist} contains no compiled code`,
    remedies: ['npm run build'],
  });
}
