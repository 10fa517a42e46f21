import { makePlan } from './make-plan.ts';
import { decideFor } from './seen.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import type { Decision, Plan, PlannedStep } from '../../run/step.ts';
import { UP_STEPS, type UpStepId } from './up-steps.ts';

/** By step of the lab, in the order in which people think of them. */
export type UpSeen = ReadonlyMap<UpStepId, PartSeen>;

/** Pure: what `up` will do about what was seen, and why. */
export function planUp(seen: UpSeen): Plan<UpStepId> {
  const steps = [...seen].map(([id, part]) => ({
    id,
    title: UP_STEPS[id].title,
    needs: UP_STEPS[id].needs,
    decide: () => decideFor(part, UP_STEPS[id].repair),
  }));
  const plan = makePlan(steps, seen, follow);
  return {
    steps: plan.steps.map((step) => ({
      ...step,
      ...endedBy(step, seen.get(step.id)),
      ...removedBy(seen.get(step.id)),
    })),
  };
}

/** What is as wanted runs; it is made anew when what it was made with changes. */
function endedBy(
  { id, action }: PlannedStep<UpStepId>,
  part: PartSeen | undefined,
): Pick<PlannedStep, 'ends'> {
  const { ends } = UP_STEPS[id];
  const runs = part?.state === 'same' || part?.inUse === true;
  const madeAnew = action === 'replace' || action === 'create';
  return ends !== undefined && runs && madeAnew ? { ends } : {};
}

function removedBy(part: PartSeen | undefined): Pick<PlannedStep, 'removes'> {
  return part?.removes === undefined ? {} : { removes: part.removes };
}

function follow(step: UpStepId, changed: UpStepId): Decision | undefined {
  if (!UP_STEPS[step].follows.includes(changed)) return undefined;
  return {
    action: UP_STEPS[step].repair,
    because: `the ${UP_STEPS[changed].title} that it was created with changes`,
  };
}
