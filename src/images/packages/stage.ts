import type { CommandResult } from '../../ports/process-runner.ts';

/** Plain data that a key can be computed from. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** `cpu`: compilers, one at a time because each uses every core. `io`: downloads, archives, disk. */
export type Slot = 'cpu' | 'io';

export type BuildTool = 'go' | 'npm';

/** One unit of the cache: made once from its inputs and the stages it needs, then only read. */
export interface Stage {
  readonly id: string;
  readonly needs: readonly string[];
  /** Everything that decides the result, beside the stages it needs. */
  readonly inputs: Json;
  readonly slot: Slot;
  /** Between a fast and a slow machine of two cores, with empty compiler caches. */
  readonly aboutSeconds: number;
  /** Result and scratch together. */
  readonly aboutBytes: number;
  /** What a compiler adds to its own caches. */
  readonly compilerBytes?: number;
  /** Programs of this machine that making it takes; what is made already needs none. */
  readonly tools?: readonly BuildTool[];
  /** Downloads that may run while another stage holds the `cpu` slot. */
  readonly fetch?: (work: StageWork) => Promise<void>;
  readonly build: (work: StageWork) => Promise<void>;
}

/** What a stage has in hand while it is made. */
export interface StageWork {
  /** Becomes the finished stage; empty at the start. */
  readonly out: string;
  /** Thrown away afterwards. */
  readonly scratch: string;
  /** The directory of a finished stage that this one needs. */
  of(stage: string): string;
  /** Runs a program; what it prints goes to the log of the stage. */
  run(command: string, args: readonly string[], options?: WorkOptions): Promise<CommandResult>;
  readonly signal: AbortSignal;
}

export interface WorkOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Ends the program before the stage ends; beside the signal of the run. */
  readonly signal?: AbortSignal;
}
