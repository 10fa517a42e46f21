/** What a step is about to do. `keep` changes nothing. */
export type Action = 'create' | 'update' | 'replace' | 'start' | 'keep' | 'remove';

export interface Decision {
  readonly action: Action;
  /** The most valued word of a plan: what was seen that asks for this action. */
  readonly because: string;
}

/**
 * One unit of convergence. `decide` is pure; `apply` is idempotent and may find the work already done.
 * `Seen` is the observation, `Context` what effects need.
 */
export interface Step<Id extends string, Seen, Context> {
  readonly id: Id;
  readonly title: string;
  readonly needs: readonly Id[];
  decide(seen: Seen): Decision;
  apply(context: Context, run: StepRun): Promise<void>;
}

export interface StepRun {
  readonly decision: Decision;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

export interface PlannedStep<Id extends string = string> extends Decision {
  readonly id: Id;
  readonly title: string;
  readonly needs: readonly Id[];
}

/** Steps in an order in which every step comes after what it needs. */
export interface Plan<Id extends string = string> {
  readonly steps: readonly PlannedStep<Id>[];
}

export function changedSteps<Id extends string>(plan: Plan<Id>): readonly PlannedStep<Id>[] {
  return plan.steps.filter((step) => step.action !== 'keep');
}
