import type { CheckId } from '../check-id.ts';
import type { AnyServiceJudge } from '../service-judge.ts';

/** What checks assert of each service of meshdev.yaml, by the id of the check. */
export const SERVICE_JUDGES: Readonly<Partial<Record<CheckId, AnyServiceJudge>>> = {};
