import { chmod, chown, copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256OfFile } from './digest.ts';
import type { StageWork } from './stage.ts';

/** Time stamp of everything in a layer (2026-01-01): equal content gives equal digests. */
export const EPOCH = 1_767_225_600;

/** A layer of an image: an uncompressed tar archive and its digest. */
export interface Layer {
  readonly path: string;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
  readonly size: number;
}

/** A file that goes into a tree; `to` is relative to the tree. */
export interface Placed {
  readonly from: string;
  readonly to: string;
  readonly mode?: number;
}

/** A directory with an owner of its own. */
export interface OwnedDir {
  readonly path: string;
  readonly uid: number;
  readonly mode?: number;
}

export async function placeFiles(tree: string, files: readonly Placed[]): Promise<void> {
  for (const file of files) {
    const target = join(tree, file.to);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file.from, target);
    await chmod(target, file.mode ?? 0o755);
  }
}

async function placeDirs(tree: string, dirs: readonly OwnedDir[]): Promise<void> {
  for (const dir of dirs) {
    const target = join(tree, dir.path);
    await mkdir(target, { recursive: true });
    await chown(target, dir.uid, dir.uid);
    await chmod(target, dir.mode ?? 0o755);
  }
}

/** Packs a directory tree as a layer: sorted, owners by number, one time stamp. */
export async function packTree(
  work: StageWork,
  tree: string,
  target: string,
  exclude: readonly string[] = [],
): Promise<void> {
  const stamp = ['--sort=name', '--numeric-owner', `--mtime=@${EPOCH}`];
  const without = exclude.map((pattern) => `--exclude=${pattern}`);
  await work.run('tar', [...stamp, ...without, '-C', tree, '-cf', target, '.']);
}

/** A layer that holds just these files and directories. */
export async function packFiles(
  work: StageWork,
  target: string,
  files: readonly Placed[],
  dirs: readonly OwnedDir[] = [],
): Promise<void> {
  const tree = join(work.scratch, `tree-${target.replaceAll('/', '_').slice(-60)}`);
  await mkdir(tree, { recursive: true });
  await placeFiles(tree, files);
  await placeDirs(tree, dirs);
  await packTree(work, tree, target);
}

export async function layerAt(path: string): Promise<Layer> {
  return { path, digest: await sha256OfFile(path), size: (await stat(path)).size };
}
