import type { HopId } from '../topology/hop.ts';
import type { Lab } from '../topology/lab.ts';
import type { ServiceId } from '../topology/service.ts';
import type { EvidenceKey, EvidenceMap } from '../evidence/evidence-map.ts';
import type { EvidenceItem } from './evidence-item.ts';
import type { ReasonCode } from './reasons.ts';
import type { AnyServiceJudge } from './service-judge.ts';
import type { Cases, Expectation, Verdict } from './verdict.ts';
import type { CheckId, Refuser } from './check-id.ts';

export interface JudgeContext {
  readonly lab: Lab;
  /** Milliseconds since the epoch at which the evidence was complete. */
  readonly at: number;
}

export type { Cases, CaseVerdict } from './verdict.ts';

/** What of a check is judged, where that is not everything. */
export interface Chosen {
  /** Whether it is judged of the lab. */
  readonly lab: boolean;
  /** The services that it is judged of, each with its judge. */
  readonly services: ReadonlyMap<ServiceId, AnyServiceJudge>;
}

/** One assertion about the trust chain. Pure: evidence in, verdict out. */
export interface Check<Key extends EvidenceKey = EvidenceKey> {
  readonly id: CheckId;
  /** An assertion in the present tense: true exactly when the verdict is pass. */
  readonly title: string;
  /** What it means for a user when the title is not true. */
  readonly impact: string;
  /** Where to look when `meshdev up` did not repair it. Markdown. */
  readonly hint: string;
  readonly hop: HopId | 'host' | 'lab';
  readonly polarity: 'positive' | 'negative';
  /**
   * `passive` reads, `active` sends traffic (the usual case), `twin` makes labelled temporary objects
   * beside the live path and removes them.
   */
  readonly mode?: 'passive' | 'active' | 'twin';
  /** Negative only: who has to refuse. */
  readonly refuser?: Refuser;
  /** Negative only: the positive that proves that path, client and credential form work. */
  readonly control?: CheckId;
  /**
   * When it fails, what was green on its hop is skipped "because <id> failed on this hop", and what was not
   * seen from there on is BEHIND_BROKEN_LINK.
   */
  readonly blocking: boolean;
  readonly evidence: readonly Key[];
  judge(found: Pick<EvidenceMap, Key>, context: JudgeContext): Verdict | Cases;
  /** What it asserts of each service of meshdev.yaml; undefined where it is about the lab alone. */
  readonly service?: AnyServiceJudge;
  /** Set by a selection; the lab and every service in scope when it is left out. */
  readonly chosen?: Chosen;
}

/** A check whose evidence type was forgotten, so that checks of all kinds fit in one list. */
export interface AnyCheck extends Omit<Check, 'judge'> {
  judge(found: EvidenceMap, context: JudgeContext): Verdict | Cases;
}

/** Ties a judge to exactly the evidence it names. */
export function defineCheck<const Key extends EvidenceKey>(check: Check<Key>): AnyCheck {
  return { ...check, judge: (found, context) => check.judge(found, context) };
}

export function pass(because?: string): Verdict {
  return because === undefined ? { kind: 'pass' } : { kind: 'pass', because };
}

/** Not judged, and why, in words that a user can act on. */
export function skip(because: string): Verdict {
  return { kind: 'skip', because };
}

/** Within bounds today, but on its way out of them. */
export function warn(
  code: ReasonCode,
  message: string,
  remedies: readonly string[] = ['meshdev up'],
): Verdict {
  return { kind: 'warn', code, message, remedies };
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

/** A verdict with what it was judged from. */
export function seeing(verdict: Verdict, ...evidence: readonly EvidenceItem[]): Verdict {
  return { ...verdict, evidence: [...(verdict.evidence ?? []), ...evidence] };
}

/** A verdict of a negative with the refusal that it was held against. */
export function expecting(how: Expectation['how'], reason: string, verdict: Verdict): Verdict {
  return { ...verdict, expected: { how, reason } };
}

/** One verdict each; nothing at all is no proof. Of two with the same id (two pods of a workload) the second is `id-2`. */
export function eachCase(entries: readonly (readonly [id: string, verdict: Verdict])[]): Verdict | Cases {
  if (entries.length === 0) return unknown('NO_CASES', 'no case was run');
  const times = new Map<string, number>();
  const cases = entries.map(([id, verdict]) => {
    const nth = (times.get(id) ?? 0) + 1;
    times.set(id, nth);
    return { id: nth === 1 ? id : `${id}-${nth}`, verdict };
  });
  return { kind: 'cases', cases };
}
