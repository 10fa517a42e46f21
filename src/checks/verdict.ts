import type { StoppedCode } from '../run/interruption.ts';
import type { HopId } from '../topology/hop.ts';
import type { CheckId, Refuser } from './check-id.ts';
import type { EvidenceItem } from './evidence-item.ts';
import type { ReasonCode } from './reasons.ts';
import type { AskedAgain } from '../evidence/asked-again.ts';
import { recordOf } from '../record-of.ts';

interface Judged {
  /** What the verdict was judged from, redacted. */
  readonly evidence?: readonly EvidenceItem[];
  /** Negative only: how it should have been refused. */
  readonly expected?: Expectation;
}

/** The form of a refusal, and the words that it has to be given in. */
export interface Expectation {
  readonly how: 'alert' | 'closed' | 'status' | 'stripped';
  readonly reason: string;
}

/** What was judged of one check, or of one case of it. A timeout is `unknown`, never `fail`. */
export type Verdict = Judged &
  (
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
      }
  );

export interface CheckResult {
  readonly id: CheckId;
  /** Where a check judges several cases: one result each. */
  readonly case?: string;
  readonly title: string;
  readonly hop: HopId | 'host' | 'lab';
  readonly polarity: 'positive' | 'negative';
  /** Negative only. */
  readonly refuser?: Refuser;
  readonly control?: CheckId;
  readonly verdict: Verdict;
  /** Milliseconds until all evidence was there and judged. */
  readonly durationMs: number;
}

/** The first link of the chain that is broken: what stands behind it could not be judged. */
export interface BrokenLink {
  readonly hop: CheckResult['hop'];
  readonly id: CheckId;
  readonly message: string;
}

export interface CheckReport {
  readonly schemaVersion: '1';
  readonly kind: 'CheckReport';
  readonly lab: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly interrupted: boolean;
  /** Warnings count as failures. */
  readonly strict: boolean;
  readonly firstBroken: BrokenLink | null;
  readonly summary: Summary;
  /** Requests that were sent a second time for a record that did not come; no answer was ever asked for twice. */
  readonly askedAgain?: readonly AskedAgain[];
  readonly checks: readonly CheckResult[];
}

/** Counts verdicts: a check of ten cases has ten. */
export interface Summary {
  readonly pass: number;
  readonly warn: number;
  readonly fail: number;
  readonly unknown: number;
  readonly skip: number;
  /** That of the process too. */
  readonly exitCode: 0 | 1 | 6 | StoppedCode;
}

/** In the order in which they are counted. */
export const VERDICT_KINDS = [
  'pass',
  'warn',
  'fail',
  'unknown',
  'skip',
] as const satisfies readonly Verdict['kind'][];

/** @param stopped the exit code of the signal that ended the run, which then counts more than what was judged */
export function summarise(
  results: readonly CheckResult[],
  strict = false,
  stopped: StoppedCode | false = false,
): Summary {
  const count = (kind: Verdict['kind']): number =>
    results.filter((result) => result.verdict.kind === kind).length;
  const tally = recordOf(VERDICT_KINDS, count);
  return { ...tally, exitCode: stopped || exitCodeOf(tally, strict) };
}

/** A run that judged nothing proved nothing: it is unknown, not green. */
function exitCodeOf({ pass, warn, fail, unknown }: Omit<Summary, 'exitCode'>, strict: boolean): 0 | 1 | 6 {
  if (fail > 0 || (strict && warn > 0)) return 1;
  return unknown > 0 || pass + warn === 0 ? 6 : 0;
}

/** `MD-JWT-010[alg-none]`, or the id alone. */
export function nameOf(result: Pick<CheckResult, 'id' | 'case'>): string {
  return result.case === undefined ? result.id : `${result.id}[${result.case}]`;
}

const WORST_FIRST = ['fail', 'unknown', 'warn', 'pass', 'skip'] as const satisfies readonly Verdict['kind'][];

/** The worst kind among the cases of one check: what the check as a whole is. A case that was left out spoils no other. */
export function worstOf(kinds: readonly Verdict['kind'][]): Verdict['kind'] {
  return WORST_FIRST.find((kind) => kinds.includes(kind)) ?? 'skip';
}
