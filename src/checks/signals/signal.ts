import type { CheckId } from '../check-id.ts';

/** Where foreign words come from. */
export const SIGNAL_SOURCES = [
  'envoy details',
  'envoy transport failure',
  'envoy flag',
  'envoy counter',
  'envoy cluster',
  'edge error',
  'edge status',
  'status',
  'response body',
  'tls alert',
  'verification',
  'www-authenticate',
  'istiod',
  'idp',
] as const;
export type SignalSource = (typeof SIGNAL_SOURCES)[number];

/** One foreign word, what it means on its hop, and what to do about it. */
export interface Signal {
  /** As the component writes it, for tables and for `explain`. */
  readonly name: string;
  readonly source: SignalSource;
  readonly words: RegExp;
  readonly reason: string;
  readonly remedy: string;
  /** Checks that prove or refute it. */
  readonly see: readonly CheckId[];
}

export function signal(
  source: SignalSource,
  name: string,
  words: RegExp,
  [reason, remedy, ...see]: readonly [string, string, ...CheckId[]],
): Signal {
  return { source, name, words, reason, remedy, see };
}
