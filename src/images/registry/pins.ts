import type { ImageSettings } from '../../config/image-settings.ts';
import { PROFILES, type RegistryImageId } from '../../profiles.ts';
import { endpointOf } from './endpoint.ts';
import type { ImageLock } from './lock-file.ts';
import { parseReference } from './reference.ts';
import type { Pinned } from './resolve-image.ts';

export interface PinnedImage extends Pinned {
  readonly id: RegistryImageId;
  readonly aboutBytes: number;
}

/** Every image with where it is asked for and what it must be; the pins of this project beat the lock. Pure. */
export function pinnedImages(
  settings: Pick<ImageSettings, 'profile' | 'mirror'>,
  lock: ImageLock,
  lockPath: string,
): readonly PinnedImage[] {
  const pins = PROFILES[settings.profile].images;
  const ids: readonly RegistryImageId[] = ['node', 'edge', 'guestBase', 'pilot', 'proxyv2', 'httpbin'];
  return ids.map((id) => {
    const { name, digest, aboutBytes } = pins[id];
    const reference = parseReference(name);
    return {
      id,
      name,
      aboutBytes,
      tag: reference.tag,
      endpoint: endpointOf(reference, settings.mirror),
      digest: digest ?? lock.images[name],
      by: digest === undefined ? lockPath : 'this version of meshdev',
    };
  });
}
