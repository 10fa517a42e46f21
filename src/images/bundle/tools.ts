import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pid } from 'node:process';
import { pipeline } from 'node:stream/promises';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { LabTools } from '../../ports/image-source.ts';
import { hexOf } from '../oci-image.ts';
import { sha256OfFile } from '../packages/digest.ts';
import { isFull, isMissing } from '../../errors/system-error.ts';
import type { BundledTool } from './manifest.ts';
import { type BundleHead, readBlob } from './read-bundle.ts';

/** Where a program of a bundle is kept: under its digest, so that two bundles never share a wrong one. */
export function toolPath(cacheDir: string, { name, blob }: BundledTool): string {
  return join(bundleDir(cacheDir), 'tools', hexOf(blob).slice(0, 16), name);
}

function bundleDir(cacheDir: string): string {
  return join(cacheDir, 'bundle');
}

/** Removes all that bundles left in the cache; the next `up` takes it out of its bundle again. */
export async function forgetTools(cacheDir: string): Promise<void> {
  await rm(bundleDir(cacheDir), { recursive: true, force: true });
}

/** Whether the program is in the cache as the bundle has it; it is read to the end for that. */
export async function hasTool(cacheDir: string, tool: BundledTool): Promise<boolean> {
  try {
    return (await sha256OfFile(toolPath(cacheDir, tool))) === hexOf(tool.blob);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Takes programs out of a bundle into the cache. Which ones are missing is decided by their digests, at
 * every use and not only when they are taken out: they run with all rights of the user, the cache is kept
 * for months, and it costs 0.1 s.
 * @throws MeshdevError DISK_FULL, CACHE_NOT_WRITABLE, BUNDLE_DAMAGED
 */
export async function placeTools(
  head: BundleHead,
  cacheDir: string,
  missing: readonly BundledTool[],
): Promise<LabTools> {
  for (const tool of missing) await placeTool(head, cacheDir, tool);
  const pathOf = (name: BundledTool['name']): string => {
    const tool = head.manifest.tools.find((one) => one.name === name);
    if (tool === undefined) throw new RangeError(`${head.path} has no ${name}`);
    return toolPath(cacheDir, tool);
  };
  return { kind: pathOf('kind'), istioctl: pathOf('istioctl') };
}

async function placeTool(head: BundleHead, cacheDir: string, tool: BundledTool): Promise<void> {
  const path = toolPath(cacheDir, tool);
  const draft = `${path}.${pid}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await pipeline(readBlob(head, tool.blob), createWriteStream(draft, { flush: true }));
    await chmod(draft, 0o755);
    await rename(draft, path);
  } catch (error) {
    throw translated(path, error);
  } finally {
    // What cannot be removed was never made.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

function translated(path: string, error: unknown): MeshdevError {
  if (error instanceof MeshdevError) return error;
  const full = isFull(error);
  return new MeshdevError(full ? 'DISK_FULL' : 'CACHE_NOT_WRITABLE', {
    message: `writing ${path} to the cache: ${textOf(error)}`,
    remedies: [
      `${full ? 'df -h' : 'ls -ld'} ${dirname(path)}`,
      'XDG_CACHE_HOME=/another/directory meshdev up',
    ],
    cause: error,
  });
}
