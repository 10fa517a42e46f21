import type { RunScope } from '../run/run-scope.ts';
import type { ServiceId } from '../topology/service.ts';
import type { NodeImages } from './image-source.ts';

/** Names of the images of services of meshdev.yaml begin with it; no registry has them. */
export const SERVICE_IMAGES = 'meshdev.local/service';
/** Tag of one that has to be pulled before its name is known. */
export const NOT_KNOWN_YET = 'not-known-yet';

/** The image of a service of a user. */
export interface ServiceImage {
  readonly service: ServiceId;
  /**
   * `meshdev.local/service/<id>:<key>`: the key is of the build, or of the image that it names, so a change of either
   * is another reference. Its tag is `not-known-yet` while an image has to be pulled first.
   */
  readonly reference: string;
  readonly state: 'ready' | 'missing';
  /** What was seen: `build ./orders: 12 files, 34 kB, key …; the engine has it`. */
  readonly because: string;
  /** Names in the engine of the images that it is made of, as far as they are there. */
  readonly uses: readonly string[];
}

export interface ServiceImages {
  /**
   * Compares context keys and names with the engine. Changes nothing and asks no registry.
   * @throws MeshdevError CONFIG_INVALID where context or Dockerfile are not there, SERVICE_BUILD_FAILED for what
   * cannot be built
   */
  survey(signal: AbortSignal): Promise<readonly ServiceImage[]>;
  /**
   * Pulls and builds what is missing, at most two at a time. Idempotent.
   * @throws MeshdevError SERVICE_IMAGE_MISSING, SERVICE_BUILD_FAILED, the codes of the registry, DISK_FULL, INTERRUPTED
   */
  provide(run: RunScope): Promise<readonly ServiceImage[]>;
  /**
   * Makes what is missing, as `provide` does.
   * @returns names in the engine of all images that an archive needs so that nothing is pulled or built elsewhere
   */
  portable(run: RunScope): Promise<readonly string[]>;
  /**
   * One archive for each image, so that only those which a node lacks are sent. Call after `provide`.
   * @param images as they were surveyed, so that no context is read again
   * @throws MeshdevError SERVICE_IMAGE_MISSING, ENGINE_CALL_FAILED, DISK_FULL
   */
  nodeImages(images: readonly ServiceImage[], run: RunScope): Promise<readonly NodeImages[]>;
}
