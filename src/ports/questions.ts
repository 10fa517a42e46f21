/** Questions to a person at a terminal. Each ends with MeshdevError INTERRUPTED where it is left. */
export interface Questions {
  /** @param problem why an answer cannot be used */
  text(message: string, initial: string, problem: (answer: string) => string | undefined): Promise<string>;
  choose<T extends string>(message: string, choices: readonly T[]): Promise<T>;
  confirm(message: string): Promise<boolean>;
}
