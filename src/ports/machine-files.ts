/** What a lab could change on the machine of its user, and what of it speaks of that lab. */
export interface MachineFile {
  readonly path: string;
  /** SHA-256, or `absent`. */
  readonly digest: string;
  /** Marks of the lab that stand in it. */
  readonly mentions: readonly string[];
}
