import { fileError } from '../errors/file-error.ts';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { redact } from '../errors/redact.ts';
import type { Plan, PlannedStep, StepRun } from './step.ts';
import type { Emit } from './events.ts';

/** Does what was decided for one step; idempotent, it may find the work already done. */
type Apply<Id extends string> = (id: Id, run: StepRun) => Promise<void>;

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

interface Running<Id extends string> {
  readonly apply: Apply<Id>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Runs a plan: every step as soon as all it needs is there, independent ones at once.
 * After a failure or an abort nothing new starts; what runs is aborted on request only, so that
 * a failing step never leaves another half-made. Never throws for a failed step.
 */
export async function execute<Id extends string>(
  plan: Plan<Id>,
  apply: Apply<Id>,
  options: { readonly emit: Emit; readonly signal: AbortSignal },
): Promise<Outcome<Id>> {
  const running = { apply, ...options };
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

async function afterNeeds<Id extends string>(
  planned: PlannedStep<Id>,
  ends: ReadonlyMap<string, Promise<StepOutcome<Id>>>,
  running: Running<Id>,
  state: { failed: boolean },
): Promise<StepOutcome<Id>> {
  const needs = await Promise.all(planned.needs.flatMap((id) => ends.get(id) ?? []));
  const broken = needs.find((need) => need.state === 'failed' || need.state === 'not-started');
  if (planned.action === 'keep') return { step: planned, state: 'kept', durationMs: 0 };
  if (broken !== undefined || state.failed || running.signal.aborted) {
    const because =
      broken === undefined
        ? 'another step failed, or the run was stopped'
        : `step ${broken.step.id} is not done`;
    running.emit({ kind: 'step-not-started', step: planned, because });
    return { step: planned, state: 'not-started', durationMs: 0 };
  }
  const outcome = await applyOne(planned, running);
  if (outcome.state === 'failed') state.failed = true;
  return outcome;
}

async function applyOne<Id extends string>(
  planned: PlannedStep<Id>,
  { apply, emit, signal }: Running<Id>,
): Promise<StepOutcome<Id>> {
  const started = performance.now();
  emit({ kind: 'step-started', step: planned });
  try {
    await apply(planned.id, {
      decision: { action: planned.action, because: planned.because },
      signal,
      progress: (message) => emit({ kind: 'step-progress', step: planned, message: redact(message) }),
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

/** Beside what the machine refuses, anything that is not already ours is a bug: adapters translate what they expect. */
function asMeshdevError(thrown: unknown, planned: PlannedStep): MeshdevError {
  if (thrown instanceof MeshdevError) return thrown;
  const refused = fileError(thrown);
  return new MeshdevError(refused?.code ?? 'BUG', {
    message: `step ${planned.id}: ${textOf(thrown)}`,
    remedies: refused?.remedies ?? [],
    cause: thrown,
  });
}
