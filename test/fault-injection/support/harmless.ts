import type { Bench } from './bench.ts';
import type { Restore } from './fault-injection.ts';

/** Something that people do to a lab in good faith, after which every check is green. */
export interface Harmless {
  /** One line: what is done. */
  readonly what: string;
  /** Does it, and waits as a person would: until it says that it is done. */
  readonly apply: (bench: Bench) => Promise<Restore>;
  /** The checks that it once turned. */
  readonly concerns: readonly string[];
}

/** What leaves nothing to put back. */
export const NOTHING: Restore = async () => undefined;
