import { textOf } from '../errors/meshdev-error.ts';
import type { StoppedCode } from '../run/interruption.ts';
import { unknown } from './check.ts';
import type { Cases, Verdict } from './verdict.ts';

/** A judge with the evidence that it reads. */
export interface Question<Found> {
  readonly evidence: readonly (keyof Found & string)[];
  readonly collect: (key: keyof Found & string) => Promise<unknown>;
  readonly judge: (found: Found) => Verdict | Cases;
}

/** What a run says of itself. */
export interface RunState {
  /** The exit code of the signal that ended the run; false while none did. */
  readonly interrupted: () => StoppedCode | false;
  /** Whether it was ended, by a signal or by its deadline: what comes then is about a run that is over. */
  readonly isOver?: () => boolean;
}

/** Collects what the judge reads and lets it judge; evidence that could not be had is `unknown`, never `fail`. */
export async function answer<Found extends object>(
  { evidence, collect, judge }: Question<Found>,
  { interrupted, isOver }: RunState,
): Promise<Verdict | Cases> {
  const found: Partial<Record<keyof Found & string, unknown>> = {};
  const settled = await Promise.allSettled(
    evidence.map(async (key) => {
      found[key] = await collect(key);
    }),
  );
  const missing = settled.flatMap((end, index) =>
    end.status === 'rejected' ? [`${evidence[index]}: ${textOf(end.reason)}`] : [],
  );
  if (interrupted() !== false)
    return unknown('INTERRUPTED', 'the check was interrupted before this was judged', ['meshdev check']);
  if (missing.length > 0) return unknown('EVIDENCE_MISSING', `no evidence: ${missing.join(' · ')}`);
  // A probe that was cut off looks like a refusal: nothing that came after the end is held against anybody.
  if (isOver?.() === true) return unknown('TIMED_OUT', 'the deadline passed before this was judged');
  if (!isComplete<Found>(evidence, found))
    return unknown('EVIDENCE_MISSING', `no evidence: ${evidence.join(', ')}`);
  // What cannot be read (a certificate that is none) costs its own check, not the report.
  try {
    return judge(found);
  } catch (thrown) {
    return unknown('EVIDENCE_UNREADABLE', `${evidence.join(', ')}: ${textOf(thrown)}`);
  }
}

/** A judge is only handed the keys it named, and those were all collected by their own collectors. */
function isComplete<Found extends object>(keys: readonly (keyof Found)[], found: object): found is Found {
  return keys.every((key) => key in found);
}
