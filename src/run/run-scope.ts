/** What every effectful call is handed: when to stop, and where to say how it goes. */
export interface RunScope {
  readonly signal: AbortSignal;
  /** One line about what is happening now; the newest replaces the one before it. */
  readonly progress: (message: string) => void;
}
