import { APP_ID } from '../../sample/names.ts';
import type { ImageSettings } from '../../config/image-settings.ts';
import { PROFILES, type RegistryImageId } from '../../profiles.ts';
import { endpointOf } from './endpoint.ts';
import { RELOCK } from './failures.ts';
import type { ImageLock } from './lock-file.ts';
import { parseReference } from './reference.ts';
import type { Pinned } from './resolve-image.ts';

export interface PinnedImage extends Pinned {
  readonly id: RegistryImageId;
  readonly aboutBytes: number;
  /** The digest that this version of meshdev names, where it names one. */
  readonly ownDigest: string | undefined;
}

const IDS: readonly RegistryImageId[] = ['node', 'edge', 'guestBase', 'pilot', 'proxyv2', APP_ID];

type Choice = Pick<ImageSettings, 'profile' | 'mirror'>;

/** Every image with where it is asked for and what it must be. Pure. */
export function pinnedImages(settings: Choice, lock: ImageLock, lockPath: string): readonly PinnedImage[] {
  const pins = PROFILES[settings.profile].images;
  return IDS.map((id) => {
    const { name, digest: ownDigest, aboutBytes } = pins[id];
    const reference = parseReference(name);
    const endpoint = endpointOf(reference, settings.mirror);
    // What a mirror has instead of a pin of this project counts for mirrors alone, where it was recorded on purpose.
    const recorded = ownDigest === undefined || endpoint.mirrored ? lock.images[name] : undefined;
    const digest = recorded ?? ownDigest;
    return {
      id,
      name,
      aboutBytes,
      tag: reference.tag,
      endpoint,
      digest,
      ownDigest,
      by: recorded === undefined && ownDigest !== undefined ? 'this version of meshdev' : lockPath,
      // Nothing but a mirror can have another one than this project names.
      ...(digest === undefined || (ownDigest !== undefined && !endpoint.mirrored)
        ? {}
        : { relock: relockCommand(settings) }),
    };
  });
}

/** The command that records what is there now, for the registry that was asked. Pure. */
export function relockCommand({ mirror }: Pick<ImageSettings, 'mirror'>): string {
  const all = mirror['*'];
  return all === undefined ? RELOCK : `${RELOCK} --mirror ${all}`;
}
