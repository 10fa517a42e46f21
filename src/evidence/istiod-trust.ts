/** How istiod reaches the identity provider: what it runs with, not what was rendered. */
export interface IstiodTrust {
  /** Environment of the running container, names and values, as far as key sets are concerned. */
  readonly environment: Readonly<Record<string, string>>;
  /** PEM of the roots that it was given beside those of its image. */
  readonly extraRootPem: string;
  /** As the running binary says. */
  readonly version: string;
  /** Fetches of the key set by a Go client in the edge's log, newest last. */
  readonly fetches: readonly { readonly at: number; readonly status: number }[];
  /** Last refresh that failed, in istiod's own words: of two minutes, or of an hour where none was answered since. */
  readonly lastFailure?: { readonly at: number; readonly what: string };
}
