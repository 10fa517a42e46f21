import type { ContainerFile, ContainerSpec } from '../ports/container-engine.ts';

/** A container of the lab: what it is created from and the files that are put into it before it starts. */
export interface ContainerPlan {
  readonly spec: Omit<ContainerSpec, 'labels'>;
  readonly role: string;
  readonly files: readonly ContainerFile[];
  /** Further networks that it is put into before it starts. */
  readonly alsoOn?: readonly string[];
}
