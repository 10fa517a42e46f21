import { makePlan } from './make-plan.ts';
import { decideFor } from './seen.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import type { Decision, Plan, PlannedStep } from '../../run/step.ts';
import { UP_STEP_IDS, UP_STEPS, type UpStepId } from './up-steps.ts';

export type UpSeen = Readonly<Record<UpStepId, PartSeen>>;

/** Pure: what `up` will do about what was seen, and why. */
export function planUp(seen: UpSeen): Plan<UpStepId> {
  const steps = UP_STEP_IDS.map((id) => ({
    id,
    title: UP_STEPS[id].title,
    needs: UP_STEPS[id].needs,
    decide: (parts: UpSeen) => decideFor(parts[id], UP_STEPS[id].repair),
  }));
  const plan = makePlan(steps, seen, follow);
  return { steps: plan.steps.map((step) => ({ ...step, ...endedBy(step, seen[step.id]) })) };
}

/** What is as wanted runs; it is made anew when what it was made with changes. */
function endedBy({ id, action }: PlannedStep<UpStepId>, part: PartSeen): Pick<PlannedStep, 'ends'> {
  const { ends } = UP_STEPS[id];
  const runs = part.state === 'same' || part.inUse === true;
  const madeAnew = action === 'replace' || action === 'create';
  return ends !== undefined && runs && madeAnew ? { ends } : {};
}

function follow(step: UpStepId, changed: UpStepId): Decision | undefined {
  if (!UP_STEPS[step].follows.includes(changed)) return undefined;
  return {
    action: UP_STEPS[step].repair,
    because: `the ${UP_STEPS[changed].title} that it was created with changes`,
  };
}
