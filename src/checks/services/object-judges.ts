import { fail, pass } from '../check.ts';
import type { CheckId } from '../check-id.ts';
import { type AnyServiceJudge, defineServiceJudge } from '../service-judge.ts';

/** The objects of a service, its routes and its policies, beside what meshdev.yaml makes of it. */
export const OBJECT_JUDGES = {
  'MD-DRIFT-001': defineServiceJudge({
    scope: 'service',
    evidence: ['service.objects'],
    judge: ({ 'service.objects': { drift, isOlderBuild } }) => {
      if (drift.length > 0) return fail('DRIFT_OBJECTS', drift.slice(0, 5).join(' · '));
      return isOlderBuild
        ? pass(
            'it runs an earlier build: the engine has no image of its present sources; `meshdev up` makes it',
          )
        : pass();
    },
  }),
} satisfies Partial<Record<CheckId, AnyServiceJudge>>;
