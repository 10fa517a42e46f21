import type { WireResult } from './wire-result.ts';

/** A key set that moved on to its next key while a sidecar was told to believe it. */
export interface KeyRotation {
  /** Undefined when the sidecar never held a key of it. */
  readonly before: KeySetInForce | undefined;
  /** Undefined when the sidecar still held the same key after `waitedMs`. */
  readonly after: KeySetInForce | undefined;
  /** From the change to the last look, milliseconds. */
  readonly waitedMs: number;
  /** Within which the new key is to arrive on a machine as busy as this one was, milliseconds. */
  readonly withinMs: number;
  /** Why istiod asked no issuer meanwhile, in its own words; looked for where the key was late. */
  readonly pause?: string;
}

/** The key that a sidecar holds, and what it makes of a token of each key that the set may ever hold. */
export interface KeySetInForce {
  readonly held: string;
  /** By key id. */
  readonly tokens: Readonly<Record<string, WireResult>>;
}
