import type { StoppedCode } from '../run/interruption.ts';
import type { HopId } from '../topology/hop.ts';
import type { ServiceId } from '../topology/service.ts';
import type { CheckId, Refuser } from './check-id.ts';
import type { EvidenceItem } from './evidence-item.ts';
import type { ReasonCode } from './reasons.ts';
import type { AskedAgain } from '../evidence/asked-again.ts';
import { recordOf } from '../record-of.ts';
import type { Cause } from './diagnosis/cause.ts';

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

/** One case of a check whose title speaks of several things: `MD-JWT-010[alg-none]`. */
export interface CaseVerdict {
  /** Lower case, unique within its check and service, without a slash; part of the contract with users like the id. */
  readonly id: string;
  readonly verdict: Verdict;
}

/** Several verdicts under one title, each reported by itself. */
export interface Cases {
  readonly kind: 'cases';
  readonly cases: readonly CaseVerdict[];
}

export interface CheckResult {
  readonly id: CheckId;
  /** The service of meshdev.yaml that it is about; undefined: the lab, which its sample is part of. */
  readonly service?: ServiceId;
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

/** What was judged of one service of meshdev.yaml. */
export interface ServiceSummary extends Tally {
  readonly service: ServiceId;
  /** Among the results of this service alone. */
  readonly firstBroken: BrokenLink | null;
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
  /** The causes of what is not green, the worst first; absent or empty where nothing needs one. */
  readonly causes?: readonly Cause[];
  readonly summary: Summary;
  /** In the order of the lab; absent where no service of meshdev.yaml was judged. */
  readonly services?: readonly ServiceSummary[];
  /** Requests that were sent a second time for a record that did not come; no answer was ever asked for twice. */
  readonly askedAgain?: readonly AskedAgain[];
  readonly checks: readonly CheckResult[];
}

/** Counts verdicts: a check of ten cases has ten. */
export type Tally = Readonly<Record<(typeof VERDICT_KINDS)[number], number>>;

export interface Summary extends Tally {
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
  const tally = tallyOf(results);
  return { ...tally, exitCode: stopped || exitCodeOf(tally, strict) };
}

export function tallyOf(results: readonly CheckResult[]): Tally {
  return recordOf(VERDICT_KINDS, (kind) => results.filter(({ verdict }) => verdict.kind === kind).length);
}

/** A run that judged nothing proved nothing: it is unknown, not green. */
function exitCodeOf({ pass, warn, fail, unknown }: Tally, strict: boolean): 0 | 1 | 6 {
  if (fail > 0 || (strict && warn > 0)) return 1;
  return unknown > 0 || pass + warn === 0 ? 6 : 0;
}

/** `MD-JWT-010[alg-none]`, of a service `MD-JWT-010[orders/alg-none]` or `MD-JWT-001[orders]`, or the id alone. */
export function nameOf(result: Pick<CheckResult, 'id' | 'case' | 'service'>): string {
  const inside = caseNameOf(result);
  return inside === undefined ? result.id : `${result.id}[${inside}]`;
}

/** What stands in the brackets; undefined where there are none. */
export function caseNameOf(result: Pick<CheckResult, 'case' | 'service'>): string | undefined {
  const parts = [result.service, result.case].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join('/');
}

const WORST_FIRST = ['fail', 'unknown', 'warn', 'pass', 'skip'] as const satisfies readonly Verdict['kind'][];

/** The worst kind among the cases of one check: what the check as a whole is. A case that was left out spoils no other. */
export function worstOf(kinds: readonly Verdict['kind'][]): Verdict['kind'] {
  return WORST_FIRST.find((kind) => kinds.includes(kind)) ?? 'skip';
}
