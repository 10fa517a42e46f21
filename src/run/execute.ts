import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import type { Plan, PlannedStep, Step } from '../plan/step.ts';
import type { Emit } from './events.ts';

type Applicable<Id extends string, Context> = Pick<Step<Id, never, Context>, 'id' | 'apply'>;

/** How one step ended. */
export interface StepOutcome<Id extends string = string> {
  readonly step: PlannedStep<Id>;
  readonly state: 'kept' | 'done' | 'failed' | 'not-started';
  readonly durationMs: number;
  readonly error?: MeshdevError;
}

export interface Outcome<Id extends string = string> {
  readonly steps: readonly StepOutcome<Id>[];
  readonly error?: MeshdevError;
}

interface Running<Id extends string, Context> {
  readonly steps: ReadonlyMap<string, Applicable<Id, Context>>;
  readonly context: Context;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Runs a plan: every step as soon as all it needs is there, independent ones at once.
 * After a failure or an abort nothing new starts; what runs is aborted on request only, so that
 * a failing step never leaves another half-made. Never throws for a failed step.
 */
export async function execute<Id extends string, Context>(
  plan: Plan<Id>,
  steps: readonly Applicable<Id, Context>[],
  context: Context,
  options: { readonly emit: Emit; readonly signal: AbortSignal },
): Promise<Outcome<Id>> {
  const running = { steps: new Map(steps.map((step) => [step.id, step])), context, ...options };
  const ends = new Map<string, Promise<StepOutcome<Id>>>();
  const state = { failed: false };
  for (const planned of plan.steps) {
    ends.set(planned.id, afterNeeds(planned, ends, running, state));
  }
  const outcomes = await Promise.all(ends.values());
  const error = outcomes.find((outcome) => outcome.error !== undefined)?.error;
  return { steps: outcomes, ...(error === undefined ? interruption(options.signal) : { error }) };
}

function interruption(signal: AbortSignal): { error?: MeshdevError } {
  return signal.aborted ? { error: new MeshdevError('INTERRUPTED', { message: 'stopped on request' }) } : {};
}

async function afterNeeds<Id extends string, Context>(
  planned: PlannedStep<Id>,
  ends: ReadonlyMap<string, Promise<StepOutcome<Id>>>,
  running: Running<Id, Context>,
  state: { failed: boolean },
): Promise<StepOutcome<Id>> {
  const needs = await Promise.all(planned.needs.flatMap((id) => ends.get(id) ?? []));
  const broken = needs.find((need) => need.state === 'failed' || need.state === 'not-started');
  if (planned.action === 'keep') return { step: planned, state: 'kept', durationMs: 0 };
  if (broken !== undefined || state.failed || running.signal.aborted) {
    const because =
      broken === undefined ? 'another step failed or the run was stopped' : `${broken.step.id} is not there`;
    running.emit({ kind: 'step-not-started', step: planned, because });
    return { step: planned, state: 'not-started', durationMs: 0 };
  }
  const outcome = await applyOne(planned, running);
  if (outcome.state === 'failed') state.failed = true;
  return outcome;
}

async function applyOne<Id extends string, Context>(
  planned: PlannedStep<Id>,
  { steps, context, emit, signal }: Running<Id, Context>,
): Promise<StepOutcome<Id>> {
  const started = performance.now();
  emit({ kind: 'step-started', step: planned });
  try {
    await steps.get(planned.id)?.apply(context, {
      decision: { action: planned.action, because: planned.because },
      signal,
      progress: (message) => emit({ kind: 'step-progress', step: planned, message }),
    });
    const durationMs = performance.now() - started;
    emit({ kind: 'step-finished', step: planned, durationMs });
    return { step: planned, state: 'done', durationMs };
  } catch (thrown) {
    const error = asMeshdevError(thrown, planned);
    emit({ kind: 'step-failed', step: planned, error });
    return { step: planned, state: 'failed', durationMs: performance.now() - started, error };
  }
}

/** Anything that is not already ours is a bug: adapters translate what they expect. */
function asMeshdevError(thrown: unknown, planned: PlannedStep): MeshdevError {
  if (thrown instanceof MeshdevError) return thrown;
  return new MeshdevError('BUG', { message: `step ${planned.id}: ${textOf(thrown)}`, cause: thrown });
}
