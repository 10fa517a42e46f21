import type { CheckReport } from '../verdict.ts';

type WithCauses = Pick<CheckReport, 'causes'>;

/** Ids of the causes that no waiting ends and that turn more than a warning. Pure. */
export function lastingCauses({ causes = [] }: WithCauses): readonly string[] {
  return causes.filter(({ lasting, verdict }) => lasting && verdict !== 'warn').map(({ id }) => id);
}

/**
 * Whether a further run would end the same: two runs, one after the other, name one cause that does not pass by itself.
 * One run alone may hold an object against requests of connections from before a change. Pure.
 */
export function isCertain(report: WithCauses, before: WithCauses | undefined): boolean {
  const known = new Set(before === undefined ? [] : lastingCauses(before));
  return lastingCauses(report).some((id) => known.has(id));
}
