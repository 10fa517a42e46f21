/** A container that is not of the plan and shares something with the lab. */
export interface Neighbour {
  readonly name: string;
  /** `network meshdev-demo`, `volume meshdev-demo-edge-admin`, `processes of meshdev-demo-edge`. */
  readonly shares: readonly string[];
}

/** What leads into the lab from beside it, and what users are handed. */
export interface Outside {
  /** Every container of the engine that was looked at, the lab’s own included. */
  readonly looked: number;
  readonly neighbours: readonly Neighbour[];
  /** The file that clients are told to trust; undefined: there is none. */
  readonly trustedPem: string | undefined;
}
