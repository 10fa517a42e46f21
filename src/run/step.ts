/** What a step is about to do. `keep` changes nothing. */
export type Action = 'create' | 'update' | 'replace' | 'start' | 'keep';

export interface Decision {
  readonly action: Action;
  /** The most valued word of a plan: what was seen that asks for this action. */
  readonly because: string;
  /** Nothing is made anew in place of what does not start: the step fails. */
  readonly keeps?: boolean;
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
  /** What ends for people who are connected now: nothing of the kind is done without their yes. */
  readonly ends?: string;
  /** What runs now and is removed for good, of people who may use it. */
  readonly removes?: readonly string[];
}

/** Steps in an order in which every step comes after what it needs. */
export interface Plan<Id extends string = string> {
  readonly steps: readonly PlannedStep<Id>[];
}

export function changedSteps<Id extends string>(plan: Plan<Id>): readonly PlannedStep<Id>[] {
  return plan.steps.filter((step) => step.action !== 'keep');
}
