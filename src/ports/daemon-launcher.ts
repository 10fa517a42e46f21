export interface LaunchOptions {
  /** Added to nothing: the whole environment of the daemon. */
  readonly env: Readonly<Record<string, string>>;
  /** stdout and stderr go here; made anew, mode 0600. */
  readonly logFile: string;
  readonly signal: AbortSignal;
}

/** Starts a program that outlives us: own session, no terminal, output to a file. */
export interface DaemonLauncher {
  /**
   * @returns the process id; the program may still fail a moment later.
   * @throws MeshdevError TOOL_MISSING when the program does not exist, INTERRUPTED.
   */
  launch(command: string, args: readonly string[], options: LaunchOptions): Promise<number>;
}
