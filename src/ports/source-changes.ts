/** One directory that is watched, or a file that is alone. */
export interface WatchedSource {
  /** Absolute. */
  readonly path: string;
  /** Whether a path is left out, with all that is below it; relative to this one, with `/`. */
  readonly ignores: (path: string) => boolean;
}

/** Changes of files below some directories, from the moment it was opened. */
export interface SourceChanges extends AsyncDisposable {
  /**
   * Paths that changed since the last call, once nothing has changed for a moment; waits for the first.
   * @throws MeshdevError INTERRUPTED, WATCH_FAILED
   */
  next(): Promise<readonly string[]>;
}

/** Resolves when every directory is watched. @throws MeshdevError INTERRUPTED, WATCH_FAILED */
export type WatchSources = (sources: readonly WatchedSource[], signal: AbortSignal) => Promise<SourceChanges>;
