import type { ContainerFile, ContainerSpec } from '../ports/container-engine.ts';

/**
 * What died is started anew by the engine, with growing pauses. What was stopped stays so, by `docker stop` or by
 * an engine that ended in order: `up` starts the parts of a lab in the order that they need.
 */
export const RESTART = 'on-failure';

/** A container of the lab: what it is created from and the files that are put into it before it starts. */
export interface ContainerPlan {
  readonly spec: Omit<ContainerSpec, 'labels'>;
  readonly role: string;
  readonly files: readonly ContainerFile[];
  /** Further networks that it is put into before it starts. */
  readonly alsoOn?: readonly string[];
}
