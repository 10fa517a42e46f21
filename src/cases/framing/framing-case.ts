/**
 * - `refused`: the edge refuses with this status by itself; nobody behind it sees anything.
 * - `reset`: the edge ends the stream or the connection without an answer. Where it had `begun` to hand the
 *   request on, the app sees it once at most, and never whole.
 * - `cut`: the edge ends a request that it had begun to hand on; the app sees it once at most, and never whole.
 * - `judged`: the requests are handed on as the edge reads them, each judged by every component.
 */
export type FramingOutcome =
  | { readonly kind: 'refused'; readonly status: 400 | 421 | 501 | 502 }
  | { readonly kind: 'reset'; readonly begun?: true }
  | { readonly kind: 'cut' }
  | { readonly kind: 'judged'; readonly hidden: 0 | 1; readonly body?: string };

/** Bytes that two servers may read as different requests. */
export interface FramingCase {
  readonly id: string;
  readonly why: string;
  readonly outcome: FramingOutcome;
  readonly protocol: 'http/1.1' | 'h2';
  /** The whole request line but the version. */
  readonly line: string;
  readonly version?: string;
  /** `HOST` stands for the public authority. Without Host and token, which are added where there is none. */
  readonly lines: readonly (readonly [name: string, value: string])[];
  /** Header lines as they are, after the others. */
  readonly raw?: readonly string[];
  /** `HIDDEN` stands for a whole honest request, which must not be one unless every component judges it. */
  readonly body?: string;
  /** Ends every line of the head; CR LF when it is left out. */
  readonly newline?: string;
}

export const refused = (status: 400 | 421 | 501 | 502) => ({ kind: 'refused', status }) as const;
export const RESET = { kind: 'reset' } as const;
export const RESET_MIDWAY = { kind: 'reset', begun: true } as const;
export const CUT = { kind: 'cut' } as const;
export const judged = (hidden: 0 | 1, body?: string) =>
  ({ kind: 'judged', hidden, ...(body === undefined ? {} : { body }) }) as const;

/** One line of the corpus. */
export type FramingRow = readonly [
  id: string,
  why: string,
  outcome: FramingOutcome,
  request: Partial<Omit<FramingCase, 'id' | 'why' | 'outcome'>>,
];
