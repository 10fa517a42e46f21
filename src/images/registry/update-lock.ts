import { createHash } from 'node:crypto';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { RegistryClient } from './client.ts';
import { lockPathOf, type RegistrySourceDeps } from './deps.ts';
import { EMPTY_LOCK, type ImageLock, readLock, writeLock } from './lock-file.ts';
import { type PinnedImage, pinnedImages } from './pins.ts';
import { withRetries } from './retry.ts';
import { toolSpecs } from './tool-specs.ts';

/** One entry of the lock, as it was and as it is now; `after` is unset where the entry is no longer needed. */
export interface LockChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Records what every name leads to now, in place of what it led to before. Entries of other profiles
 * stay. What this project pins is recorded only where a mirror has something else instead.
 */
export async function updateLock(deps: RegistrySourceDeps, run: RunScope): Promise<readonly LockChange[]> {
  const path = lockPathOf(deps);
  const before = await readLock(path);
  const { client, files } = await deps.outside(run.signal);
  const pins = pinnedImages(deps.settings, EMPTY_LOCK, path).filter(isRecorded);
  const [images, tools] = await Promise.all([
    Promise.all(pins.map(async (pin) => [pin.name, await digestNow(client, pin, run)] as const)),
    Promise.all(
      toolSpecs(deps.settings.profile, deps.machine).map(
        async (spec) => [spec.path, await files.checksum(spec, run)] as const,
      ),
    ),
  ]);
  const after: ImageLock = {
    ...before,
    images: merged(before.images, images),
    files: merged(before.files, tools),
  };
  await writeLock(path, after);
  const held = { ...before.images, ...before.files };
  return [...images, ...tools]
    .map(([name, digest]) => ({ name, before: held[name], after: digest }))
    .filter((change) => change.before !== undefined || change.after !== undefined);
}

/** Where the project itself is asked, its pins hold whatever the tag leads to. */
function isRecorded({ ownDigest, endpoint }: PinnedImage): boolean {
  return ownDigest === undefined || endpoint.mirrored;
}

/** Undefined where a mirror has what this project pins: nothing needs to be recorded. */
async function digestNow(
  client: RegistryClient,
  pin: PinnedImage,
  run: RunScope,
): Promise<string | undefined> {
  if (pin.ownDigest !== undefined && (await has(client, pin, pin.ownDigest, run))) return undefined;
  const { body } = await withRetries(() => client.manifest(pin, pin.tag, run.signal), run);
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  return digest === pin.ownDigest ? undefined : digest;
}

async function has(
  client: RegistryClient,
  pin: PinnedImage,
  digest: string,
  run: RunScope,
): Promise<boolean> {
  try {
    await withRetries(() => client.manifest(pin, digest, run.signal), run);
    return true;
  } catch (error) {
    if (error instanceof MeshdevError && error.code === 'IMAGE_NOT_FOUND') return false;
    throw error;
  }
}

type Entries = Readonly<Record<string, string>>;

function merged(held: Entries, now: readonly (readonly [string, string | undefined])[]): Entries {
  const names = new Set(now.map(([name]) => name));
  const kept = Object.entries(held).filter(([name]) => !names.has(name));
  return Object.fromEntries([...kept, ...now.flatMap(([name, digest]) => (digest ? [[name, digest]] : []))]);
}
