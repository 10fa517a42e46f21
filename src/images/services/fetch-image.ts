import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { RegistryClient } from '../registry/client.ts';
import { lockPathOf, type RegistrySourceDeps, storeOf } from '../registry/deps.ts';
import { endpointOf } from '../registry/endpoint.ts';
import { loadImages } from '../registry/load-engine.ts';
import { addToLock, readLock } from '../registry/lock-file.ts';
import { pullLayers } from '../registry/pull.ts';
import { type Pinned, resolveImage } from '../registry/resolve-image.ts';
import { type ImageName, nameInEngine } from './image-name.ts';
import { imageMissing, type NeededBy } from './problems.ts';

/** What pulling needs of the source `registry`, whichever source the lab itself is made from. */
export interface FetchDeps extends Pick<RegistrySourceDeps, 'settings' | 'cacheDir' | 'stateDir'> {
  readonly outside: (signal: AbortSignal) => Promise<{ readonly client: RegistryClient }>;
}

/** Meshdev makes these; no registry has them. */
const OWN_REGISTRY = 'meshdev.local';

/**
 * Pulls an image through mirrors, lock and Docker's credentials, and loads it into the engine.
 * @param platform `linux/amd64`
 * @throws MeshdevError SERVICE_IMAGE_MISSING where no registry has it or none answers; the codes of the registry
 * for everything else
 */
export async function fetchImage(
  deps: FetchDeps,
  engine: ContainerEngine,
  {
    name,
    by,
    platform,
  }: { readonly name: ImageName; readonly by: readonly NeededBy[]; readonly platform: string },
  run: RunScope,
): Promise<void> {
  if (name.registry === OWN_REGISTRY)
    throw imageMissing(name.text, by, `${OWN_REGISTRY} is not a registry: meshdev makes images of that name`);
  try {
    run.progress(`pulling ${name.full}`);
    const pinned = await pinnedBy(deps, name);
    const { client } = await deps.outside(run.signal);
    const context = { client, store: storeOf(deps) };
    const { image, top } = await resolveImage(pinned, platform, context, run);
    await pullLayers([{ image, wanted: pinned }], context, run);
    await loadImages(engine, [{ ...image, name: nameInEngine(name) }], context.store, run);
    if (pinned.digest === undefined)
      await addToLock(lockPathOf(deps), { images: { [name.full]: top }, files: {} });
  } catch (error) {
    if (error instanceof MeshdevError && NOT_THERE.has(error.code)) throw imageMissing(name.text, by, error);
    throw error;
  }
}

const NOT_THERE: ReadonlySet<string> = new Set(['REGISTRY_UNREACHABLE', 'IMAGE_NOT_FOUND']);

/** By its own digest, else by the one that was recorded when it was pulled for the first time. */
async function pinnedBy(deps: FetchDeps, name: ImageName): Promise<Pinned> {
  const lockPath = lockPathOf(deps);
  const recorded = name.digest === undefined ? (await readLock(lockPath)).images[name.full] : undefined;
  return {
    name: name.full,
    tag: name.tag,
    endpoint: endpointOf(name, deps.settings.mirror),
    digest: name.digest ?? recorded,
    by: recorded === undefined ? 'its name' : lockPath,
    // What is in the engine wins over the record.
    ...(recorded === undefined ? {} : { relock: `docker pull ${name.text}` }),
  };
}
