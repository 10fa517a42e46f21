import type { HopId } from '../topology/hop.ts';
import type { CheckId } from './check.ts';
import type { ReasonCode } from './reasons.ts';

/** What was judged of one check. A timeout is `unknown`, never `fail`. */
export type Verdict =
  | { readonly kind: 'pass'; readonly because?: string }
  | { readonly kind: 'skip'; readonly because: string }
  | {
      readonly kind: 'warn' | 'fail' | 'unknown';
      /** Reason from the closed list in reasons.ts. */
      readonly code: ReasonCode;
      /** What was asserted · what was seen · where. */
      readonly message: string;
      /** Commands that work verbatim, safest first. */
      readonly remedies: readonly string[];
    };

export interface CheckResult {
  readonly id: CheckId;
  readonly title: string;
  readonly hop: HopId | 'host' | 'lab';
  readonly polarity: 'positive' | 'negative';
  readonly verdict: Verdict;
  /** Milliseconds until all evidence was there and judged. */
  readonly durationMs: number;
}

export interface CheckReport {
  readonly schemaVersion: '1';
  readonly kind: 'CheckReport';
  readonly lab: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly interrupted: boolean;
  readonly summary: Summary;
  readonly checks: readonly CheckResult[];
}

export interface Summary {
  readonly pass: number;
  readonly warn: number;
  readonly fail: number;
  readonly unknown: number;
  readonly skip: number;
  readonly exitCode: 0 | 1 | 6;
}

export function summarise(results: readonly CheckResult[]): Summary {
  const count = (kind: Verdict['kind']): number =>
    results.filter((result) => result.verdict.kind === kind).length;
  const tally = {
    pass: count('pass'),
    warn: count('warn'),
    fail: count('fail'),
    unknown: count('unknown'),
    skip: count('skip'),
  };
  return { ...tally, exitCode: exitCodeOf(tally) };
}

/** A run that judged nothing proved nothing: it is unknown, not green. */
function exitCodeOf(tally: Omit<Summary, 'exitCode'>): 0 | 1 | 6 {
  if (tally.fail > 0) return 1;
  return tally.unknown > 0 || tally.pass === 0 ? 6 : 0;
}
