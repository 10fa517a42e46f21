import type { RunScope } from '../run/run-scope.ts';
import type { ServiceId } from '../topology/service.ts';
import type { NodeImages } from './image-source.ts';

/** The image of a service, under a name that changes with its content. */
export interface ServiceImage {
  readonly service: ServiceId;
  /** As the node knows it. */
  readonly reference: string;
  readonly state: 'ready' | 'missing';
  /** What was seen, in words for a plan. */
  readonly because: string;
}

/** The images of the services of meshdev.yaml. */
export interface ServiceImages {
  /**
   * Changes nothing.
   * @throws MeshdevError for what no build or pull could mend: a context without Dockerfile
   */
  survey(signal: AbortSignal): Promise<readonly ServiceImage[]>;
  /** Builds or pulls what is missing. Idempotent. */
  provide(run: RunScope): Promise<readonly ServiceImage[]>;
  /** What the node must hold, as an archive for it; all of them are in the engine. */
  nodeImages(signal: AbortSignal): Promise<NodeImages>;
}
