import type { Decision, Plan, PlannedStep } from '../../run/step.ts';

interface Decider<Id extends string, Seen> {
  readonly id: Id;
  readonly title: string;
  readonly needs: readonly Id[];
  /** Pure. */
  decide(seen: Seen): Decision;
}

/** What the change of one step does to a later one that would otherwise be kept. */
export type Ripple<Id extends string> = (step: Id, changed: Id) => Decision | undefined;

/**
 * The plan for these steps over what was seen: order, action and reason for each.
 * A change ripples: a step that would be kept or only started is looked at again for every earlier one that
 * changes: what stands on a network that is gone cannot be started.
 * @throws Error on a cycle or an unknown need: a mistake in the step list, not in the input.
 */
export function makePlan<Id extends string, Seen>(
  steps: readonly Decider<Id, Seen>[],
  seen: Seen,
  ripple: Ripple<Id>,
): Plan<Id> {
  const planned = new Map<Id, PlannedStep<Id>>();
  for (const step of inOrder(steps)) {
    const own = step.decide(seen);
    const stays = own.action === 'keep' || own.action === 'start';
    const decision = stays ? (rippled(step, planned, ripple) ?? own) : own;
    planned.set(step.id, { id: step.id, title: step.title, needs: step.needs, ...decision });
  }
  return { steps: [...planned.values()] };
}

function rippled<Id extends string, Seen>(
  step: Decider<Id, Seen>,
  planned: ReadonlyMap<Id, PlannedStep<Id>>,
  ripple: Ripple<Id>,
): Decision | undefined {
  for (const before of planned.values()) {
    if (before.action === 'keep') continue;
    const decision = ripple(step.id, before.id);
    if (decision !== undefined) return decision;
  }
  return undefined;
}

/** Depth-first topological order; stable in the order given. */
export function inOrder<S extends { readonly id: string; readonly needs: readonly string[] }>(
  steps: readonly S[],
): readonly S[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const done = new Set<string>();
  const order: S[] = [];
  const visit = (id: string, path: readonly string[]): void => {
    if (done.has(id)) return;
    if (path.includes(id)) throw new Error(`steps depend on each other: ${[...path, id].join(' -> ')}`);
    const step = byId.get(id);
    if (step === undefined) throw new Error(`step ${path.at(-1)} depends on unknown step ${id}`);
    for (const need of step.needs) visit(need, [...path, id]);
    done.add(id);
    order.push(step);
  };
  for (const step of steps) visit(step.id, []);
  return order;
}
