import type { HopId } from '../topology/hop.ts';
import type { Lab } from '../topology/lab.ts';
import type { EvidenceKey, EvidenceMap } from './evidence.ts';
import type { ReasonCode } from './reasons.ts';
import type { Verdict } from './verdict.ts';

export type CheckId = `MD-${string}-${string}`;

/** Who must refuse in a negative check. */
export type Refuser = 'edge' | 'gateway' | 'sidecar' | 'idp' | 'client' | 'istiod' | 'api';

export interface JudgeContext {
  readonly lab: Lab;
  /** Milliseconds since the epoch at which the evidence was complete. */
  readonly at: number;
}

/** One assertion about the trust chain. Pure: evidence in, verdict out. */
export interface Check<Key extends EvidenceKey = EvidenceKey> {
  readonly id: CheckId;
  /** An assertion in the present tense: true exactly when the verdict is pass. */
  readonly title: string;
  readonly hop: HopId | 'host' | 'lab';
  readonly polarity: 'positive' | 'negative';
  /** Negative only: who has to refuse. */
  readonly refuser?: Refuser;
  /** Negative only: the positive that proves that path, client and credential form work. */
  readonly control?: CheckId;
  /** When it fails, later checks of that hop are skipped "because <id> failed". */
  readonly blocking: boolean;
  readonly evidence: readonly Key[];
  judge(found: Pick<EvidenceMap, Key>, context: JudgeContext): Verdict;
}

/** A check whose evidence type was forgotten, so that checks of all kinds fit in one list. */
export interface AnyCheck extends Omit<Check, 'judge'> {
  judge(found: EvidenceMap, context: JudgeContext): Verdict;
}

/** Ties a judge to exactly the evidence it names. */
export function defineCheck<const Key extends EvidenceKey>(check: Check<Key>): AnyCheck {
  return { ...check, judge: (found, context) => check.judge(found, context) };
}

export function pass(because?: string): Verdict {
  return because === undefined ? { kind: 'pass' } : { kind: 'pass', because };
}

export function fail(
  code: ReasonCode,
  message: string,
  remedies: readonly string[] = ['meshdev up'],
): Verdict {
  return { kind: 'fail', code, message, remedies };
}

export function unknown(
  code: ReasonCode,
  message: string,
  remedies: readonly string[] = ['meshdev up', 'meshdev check'],
): Verdict {
  return { kind: 'unknown', code, message, remedies };
}
