export interface RunOptions {
  readonly cwd?: string;
  /** Added to a minimal environment (PATH, HOME, proxy and cache variables). */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** Called with each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
  /** Non-zero exits are returned, not thrown. */
  readonly allowFailure?: boolean;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs programs of this machine: argv arrays only, never a shell. */
export interface ProcessRunner {
  /**
   * @throws MeshdevError TOOL_MISSING when the program does not exist, COMMAND_FAILED on a non-zero
   *   exit (unless `allowFailure`), TIMED_OUT after `timeoutMs`, INTERRUPTED when `signal` fires.
   */
  run(command: string, args: readonly string[], options: RunOptions): Promise<CommandResult>;
  /** Absolute path of a program on PATH, or undefined. */
  find(command: string): Promise<string | undefined>;
}
