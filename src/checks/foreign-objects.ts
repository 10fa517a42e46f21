import type { ForeignObject } from '../evidence/cluster-state.ts';
import { fail, pass, warn } from './check.ts';
import { removalOf } from './removal.ts';
import type { Verdict } from './verdict.ts';

const BEGINNING = 'not created by meshdev: ';
const IDLE = 'without effect on a proxy of the lab: ';

/** What has an effect on a workload of the lab is a failure; what only is beside it, a warning. Pure. */
export function foreignVerdict(foreign: readonly ForeignObject[]): Verdict {
  if (foreign.length === 0) return pass();
  const effective = foreign.filter(({ effect }) => effect !== undefined);
  const idle = foreign.filter(({ effect }) => effect === undefined);
  const told = [
    ...effective.map(({ name, effect, since }) => `${name}${madeAt(since)} ${effect ?? ''}`),
    ...(idle.length === 0 ? [] : [`${IDLE}${idle.map(({ name }) => name).join(', ')}`]),
  ];
  const verdict = effective.length > 0 ? fail : warn;
  return verdict(
    'DRIFT_FOREIGN_OBJECT',
    `${BEGINNING}${told.join(' · ')}`,
    [...effective, ...idle].map(({ name }) => removalOf(name)),
  );
}

function madeAt(since: string | undefined): string {
  return since === undefined ? '' : ` (made at ${since})`;
}

/** One object of such a verdict. */
export interface ToldObject {
  /** `EnvoyFilter apps/x`. */
  readonly object: string;
  /** ISO 8601, where it is known. */
  readonly since: string | null;
  /** What it changes; null where it changes nothing. */
  readonly effect: string | null;
}

const TOLD = /^([A-Z][A-Za-z]+ [a-z0-9./-]+)(?: \(made at (\S+)\))?(?: (.+))?$/s;

/** The objects that the message of {@link foreignVerdict} names. Pure. */
export function foreignIn(message: string): readonly ToldObject[] {
  return message
    .slice(BEGINNING.length)
    .split(' · ')
    .flatMap((part) => (part.startsWith(IDLE) ? part.slice(IDLE.length).split(', ') : [part]))
    .flatMap((part) => {
      const [, object, since = null, effect = null] = TOLD.exec(part) ?? [];
      return object === undefined ? [] : [{ object, since, effect }];
    });
}
