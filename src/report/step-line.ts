import type { PlannedStep } from '../run/step.ts';

/** A step in one line, as the list on a terminal and the summary of `up` say it. */
export function stepLine({ action, title, because }: PlannedStep, durationMs?: number): string {
  const took = durationMs === undefined ? '' : ` (${(durationMs / 1000).toFixed(1)} s)`;
  return `${action.padEnd(8)} ${title}${took}: ${because}`;
}
