import { GUEST_CONFIG } from './in-cluster-images.ts';
import type { ImageConfig } from './image-archive.ts';
import { keyOf } from './keys.ts';
import { EDGE_CONFIG } from './stages/edge-stage.ts';

/** A layer of a finished stage. */
export interface LayerFile {
  readonly stage: string;
  readonly file: string;
}

/** An image of the container engine, made of layers that stages left in the cache. */
export interface EngineImage {
  readonly id: EngineImageId;
  /** Another image that lies below; only what changes often stands on one. */
  readonly on?: EngineImageId;
  readonly layers: readonly LayerFile[];
  readonly config: ImageConfig;
}

/** No registry: these images are made here and never pulled. */
export const IMAGE_PREFIX = 'meshdev.local';

export type EngineImageId = 'node-base' | 'guest-base' | 'edge' | 'node' | 'guest';

const NODE_CONFIG: ImageConfig = {
  entrypoint: ['/usr/local/bin/entrypoint', '/sbin/init'],
  env: ['container=docker'],
  // systemd takes SIGTERM for "execute yourself anew".
  stopSignal: 'SIGRTMIN+3',
};

/** In an order in which each one comes after the one it stands on. */
export const ENGINE_IMAGES: readonly EngineImage[] = [
  {
    id: 'node-base',
    layers: [layer('rootfs-node'), layer('node-programs'), layer('cluster-images')],
    config: NODE_CONFIG,
  },
  { id: 'guest-base', layers: [layer('rootfs-base'), layer('guest-base')], config: GUEST_CONFIG },
  { id: 'edge', layers: [layer('rootfs-base'), layer('edge')], config: EDGE_CONFIG },
  { id: 'node', on: 'node-base', layers: [{ stage: 'guest', file: 'node-layer.tar' }], config: NODE_CONFIG },
  { id: 'guest', on: 'guest-base', layers: [layer('guest')], config: GUEST_CONFIG },
];

/** The images a lab is made of; the others only lie below them. */
const LAB_IMAGES: readonly EngineImageId[] = ['node', 'edge', 'guest'];

function layer(stage: string): LayerFile {
  return { stage, file: 'layer.tar' };
}

/** References of all images for these stage keys: `meshdev.local/ID:KEY`. Pure. */
export function imageNames(keys: ReadonlyMap<string, string>): ReadonlyMap<EngineImageId, string> {
  const names = new Map<EngineImageId, string>();
  for (const image of ENGINE_IMAGES) {
    const below = image.on === undefined ? '' : (names.get(image.on) ?? '');
    const layers = image.layers.map(({ stage, file }) => [stage, keys.get(stage) ?? '', file]);
    names.set(
      image.id,
      `${IMAGE_PREFIX}/${image.id}:${keyOf({ below, layers, config: JSON.stringify(image.config) })}`,
    );
  }
  return names;
}

/** The images that must be made so that the lab's are there, given what the engine holds. Pure. */
export function missingImages(
  names: ReadonlyMap<EngineImageId, string>,
  held: ReadonlySet<string>,
): readonly EngineImage[] {
  const isHeld = (id: EngineImageId): boolean => held.has(names.get(id) ?? '');
  const wanted = new Set<EngineImageId>(LAB_IMAGES.filter((id) => !isHeld(id)));
  for (const image of ENGINE_IMAGES.toReversed()) {
    if (wanted.has(image.id) && image.on !== undefined && !isHeld(image.on)) wanted.add(image.on);
  }
  return ENGINE_IMAGES.filter((image) => wanted.has(image.id));
}
