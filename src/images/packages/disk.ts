import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { isMissing } from '../../errors/system-error.ts';

/** Bytes that something will write below a path. */
export interface Need {
  readonly purpose: string;
  readonly path: string;
  readonly bytes: number;
}

/** A need and what its file system has. */
export interface Measured extends Need {
  /** Number of the device: needs on the same one add up. */
  readonly device: number;
  readonly available: number;
}

/** Finds the first file system that cannot hold what is to be written to it. Pure. */
export function judgeSpace(
  measured: readonly Measured[],
  doing = 'downloading the images',
): MeshdevError | undefined {
  for (const first of measured) {
    const same = measured.filter((one) => one.device === first.device);
    const needed = same.reduce((sum, one) => sum + one.bytes, 0);
    if (needed > first.available) return diskFull(doing, same, needed, first.available);
  }
  return undefined;
}

/** @throws MeshdevError DISK_FULL naming path, needed and available bytes. */
export async function ensureSpace(needs: readonly Need[], doing = 'downloading the images'): Promise<void> {
  const problem = judgeSpace(await Promise.all(needs.map(measure)), doing);
  if (problem !== undefined) throw problem;
}

async function measure(need: Need): Promise<Measured> {
  const path = await nearestExisting(need.path);
  const [{ dev }, { bavail, bsize }] = await Promise.all([stat(path), statfs(path)]);
  return { ...need, device: dev, available: bavail * bsize };
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if (isMissing(error) && dirname(path) !== path) return nearestExisting(dirname(path));
    throw error;
  }
}

function diskFull(doing: string, needs: readonly Need[], needed: number, available: number): MeshdevError {
  const parts = needs
    .filter((one) => one.bytes > 0)
    .map((one) => `${gigabytes(one.bytes)} for ${one.purpose} in ${one.path}`);
  return new MeshdevError('DISK_FULL', {
    message: `${doing} needs ${gigabytes(needed)}, and the disk has ${gigabytes(available)} free: ${parts.join(', ')}`,
    remedies: [
      'meshdev images prune',
      `df -h ${needs[0]?.path ?? '/'}`,
      'XDG_CACHE_HOME=/larger/disk meshdev up',
    ],
    details: { needed, available, paths: needs.map((one) => one.path) },
  });
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
