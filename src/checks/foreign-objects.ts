import type { ForeignObject } from '../evidence/cluster-state.ts';
import { fail, pass, warn } from './check.ts';
import { removalOf } from './removal.ts';
import type { Verdict } from './verdict.ts';

/** What has an effect on a workload of the lab is a failure; what only is beside it, a warning. Pure. */
export function foreignVerdict(foreign: readonly ForeignObject[]): Verdict {
  if (foreign.length === 0) return pass();
  const effective = foreign.filter(({ effect }) => effect !== undefined);
  const idle = foreign.filter(({ effect }) => effect === undefined);
  const told = [
    ...effective.map(({ name, effect, since }) => `${name}${madeAt(since)} ${effect ?? ''}`),
    ...(idle.length === 0
      ? []
      : [`without effect on a proxy of the lab: ${idle.map(({ name }) => name).join(', ')}`]),
  ];
  const verdict = effective.length > 0 ? fail : warn;
  return verdict(
    'DRIFT_FOREIGN_OBJECT',
    `not created by meshdev: ${told.join(' · ')}`,
    [...effective, ...idle].map(({ name }) => removalOf(name)),
  );
}

function madeAt(since: string | undefined): string {
  return since === undefined ? '' : ` (made at ${since})`;
}
