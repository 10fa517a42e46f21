import type { Values } from '../completion-values.ts';

/** What may follow one command: its path is empty for the program itself. */
export interface CompletionNode {
  readonly path: string;
  readonly children: readonly string[];
  /** What its arguments can be. */
  readonly values: Values;
  readonly flags: readonly CompletionFlag[];
}

export interface CompletionFlag {
  readonly names: readonly string[];
  /** Undefined where it takes no value. */
  readonly values: Values | undefined;
}
