/** Bytes; what the engine has not measured is missing. */
export interface DiskUsage {
  /** Without its image and its volumes; by id. */
  readonly containers: ReadonlyMap<string, number>;
  /** By name. */
  readonly volumes: ReadonlyMap<string, number>;
}

/** `base` in CIDR notation is cut into subnets of this prefix length. */
export interface AddressPool {
  readonly base: string;
  readonly size: number;
}
