import { join } from 'node:path';
import type { ImageSettings } from '../../config/image-settings.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import type { RegistryClient } from './client.ts';
import type { GuestInputs } from './guest-image.ts';
import type { ReleaseFiles } from './release-files.ts';
import { blobStore, type BlobStore } from './store.ts';
import type { Machine } from './tool-specs.ts';

/** What the source `registry` needs of this machine and this checkout. */
export interface RegistrySourceDeps {
  readonly runner: ProcessRunner;
  readonly settings: ImageSettings;
  readonly cacheDir: string;
  readonly stateDir: string;
  readonly templatesDir: string;
  /** The compiled package: `dist`. */
  readonly distDir: string;
  readonly machine: Machine;
  /** Undefined while none answers; a later call may find one. */
  readonly engine: (signal: AbortSignal) => Promise<ContainerEngine | undefined>;
  /** Made when something is pulled: a lab whose images are there loads no HTTP. */
  readonly outside: (
    signal: AbortSignal,
  ) => Promise<{ readonly client: RegistryClient; readonly files: ReleaseFiles }>;
}

/** Directories of the source, below the cache. */
export function registryDirs(cacheDir: string) {
  const dir = join(cacheDir, 'registry');
  return { dir, blobs: join(dir, 'blobs'), tools: join(dir, 'tools'), guest: join(dir, 'guest') };
}

/** The lock file of the project when one is configured, else one for this user. */
export function lockPathOf({
  settings,
  stateDir,
}: Pick<RegistrySourceDeps, 'settings' | 'stateDir'>): string {
  return settings.lock ?? join(stateDir, 'images.lock.json');
}

export function storeOf({ cacheDir }: Pick<RegistrySourceDeps, 'cacheDir'>): BlobStore {
  return blobStore(registryDirs(cacheDir).blobs);
}

export function guestInputs(deps: RegistrySourceDeps): GuestInputs {
  const { runner, templatesDir, distDir, cacheDir, settings } = deps;
  const ca = settings.ca === undefined ? {} : { ca: settings.ca };
  return { runner, templatesDir, distDir, dir: registryDirs(cacheDir).guest, store: storeOf(deps), ...ca };
}
