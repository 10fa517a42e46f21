import { changedSteps, type Plan } from '../run/step.ts';
import { planUp } from './plan/plan-up.ts';
import type { UpStepId } from './plan/up-steps.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Emit } from '../run/events.ts';
import { execute, type Outcome } from '../run/execute.ts';
import { throwIfAborted } from '../run/wait-until.ts';
import { observeUp } from './steps/observe.ts';
import { PARTS } from './steps/all-steps.ts';
import type { LabContext } from '../lab/lab-context.ts';
import { consentNeeded, type ConsentItem, preflight } from './preflight.ts';

/**
 * Looks and decides; changes nothing.
 * @throws MeshdevError INTERRUPTED: what was not looked at is not said to be absent
 */
export async function plan(context: LabContext, signal: AbortSignal): Promise<Plan<UpStepId>> {
  const seen = await observeUp(context, signal);
  throwIfAborted(signal);
  return planUp(seen);
}

export interface ApplyOptions {
  /** Asked once, before anything is changed, with everything that needs a yes. */
  readonly consent: (items: readonly ConsentItem[]) => Promise<boolean>;
  /** Called when nothing speaks against the plan any more, before the first change. */
  readonly onStart: () => Promise<void>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Carries a plan out. The outcome holds every step's end; a failed step is in it, not thrown.
 * @throws MeshdevError CONSENT_NEEDED and everything that preflight finds, before the first change
 */
export async function apply(
  context: LabContext,
  decided: Plan<UpStepId>,
  options: ApplyOptions,
): Promise<Outcome<UpStepId>> {
  const { emit, signal } = options;
  if (changedSteps(decided).length > 0) {
    await preflight(context, decided, signal);
    await askConsent(context, decided, options);
    await context.owner.ensure();
    await options.onStart();
  }
  return execute(decided, (id, run) => PARTS[id].apply(context, run), { emit, signal });
}

async function askConsent(
  context: LabContext,
  decided: Plan<UpStepId>,
  { consent, signal }: ApplyOptions,
): Promise<void> {
  const items = await consentNeeded(context, decided, signal);
  if (items.length === 0 || (await consent(items))) return;
  throw new MeshdevError('CONSENT_NEEDED', {
    message: `bringing up the lab: these changes need consent: ${items.map((item) => item.what).join(' · ')}`,
    remedies: ['meshdev up --yes'],
  });
}
