import { createHash } from 'node:crypto';
import type { RunScope } from '../../run/run-scope.ts';
import { lockPathOf, type RegistrySourceDeps } from './deps.ts';
import { EMPTY_LOCK, type ImageLock, readLock, writeLock } from './lock-file.ts';
import { pinnedImages } from './pins.ts';
import { withRetries } from './retry.ts';
import { toolSpecs } from './tool-specs.ts';

/** One entry of the lock, as it was and as it is now. */
export interface LockChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Records what every name leads to now, in place of what it led to before. Entries of other profiles
 * stay. What is pinned by this project is not in the lock at all.
 */
export async function updateLock(deps: RegistrySourceDeps, run: RunScope): Promise<readonly LockChange[]> {
  const path = lockPathOf(deps);
  const before = await readLock(path);
  const { client, files } = await deps.outside(run.signal);
  const pins = pinnedImages(deps.settings, EMPTY_LOCK, path).filter(({ digest }) => digest === undefined);
  const [images, tools] = await Promise.all([
    Promise.all(
      pins.map(async (pin) => {
        const { body } = await withRetries(() => client.manifest(pin, pin.tag, run.signal), run);
        return [pin.name, `sha256:${createHash('sha256').update(body).digest('hex')}`] as const;
      }),
    ),
    Promise.all(
      toolSpecs(deps.settings.profile, deps.machine).map(
        async (spec) => [spec.path, await files.checksum(spec, run)] as const,
      ),
    ),
  ]);
  const after: ImageLock = {
    ...before,
    images: { ...before.images, ...Object.fromEntries(images) },
    files: { ...before.files, ...Object.fromEntries(tools) },
  };
  await writeLock(path, after);
  const held = { ...before.images, ...before.files };
  return [...images, ...tools].map(([name, digest]) => ({ name, before: held[name], after: digest }));
}
