import type { ServiceEvidenceKey, ServiceEvidenceMap } from '../evidence/service-evidence.ts';
import type { Lab } from '../topology/lab.ts';
import type { Service } from '../topology/service.ts';
import type { CheckId } from './check-id.ts';
import type { Cases, Verdict } from './verdict.ts';

export interface ServiceContext {
  readonly lab: Lab;
  readonly service: Service;
  /** Milliseconds since the epoch at which the evidence was complete. */
  readonly at: number;
}

/** A check's assertion about one service of meshdev.yaml. Pure: what was gathered for it in, verdict out. */
export interface ServiceJudge<Key extends ServiceEvidenceKey = ServiceEvidenceKey> {
  /** `exposed`: only services that people reach through the edge; `service`: every one. */
  readonly scope: 'service' | 'exposed';
  /** Negative only: the positive of the same service that proves that path and client work; the check's own when it is left out. */
  readonly control?: CheckId;
  readonly evidence: readonly Key[];
  judge(found: Pick<ServiceEvidenceMap, Key>, context: ServiceContext): Verdict | Cases;
}

/** A judge whose evidence type was forgotten, so that judges of all kinds fit in one list. */
export interface AnyServiceJudge extends Omit<ServiceJudge, 'judge'> {
  judge(found: ServiceEvidenceMap, context: ServiceContext): Verdict | Cases;
}

/** Ties a judge to exactly the evidence it names. */
export function defineServiceJudge<const Key extends ServiceEvidenceKey>(
  judge: ServiceJudge<Key>,
): AnyServiceJudge {
  return { ...judge, judge: (found, context) => judge.judge(found, context) };
}
