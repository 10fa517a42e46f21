import type { AnyCheck } from '../check.ts';
import { consequenceOf } from '../consequence-codes.ts';
import { AS_MADE, isAsMade } from '../foreign-remedies.ts';
import { type CheckResult, nameOf } from '../verdict.ts';
import { attributed, type Catalogue } from './attribute.ts';
import type { Cause, Explained } from './cause.ts';
import { effectOf } from './effect.ts';
import { findingsIn } from './findings.ts';
import { namedObjects } from './named-objects.ts';
import { isRed, type Named, type Red, type Suspect, suspectsOf } from './suspects.ts';

/** A cause with the verdicts that it explains. */
interface Blame {
  readonly cause: Named;
  readonly told: Red;
  readonly reds: readonly Red[];
}

/**
 * The causes of what is not green, the worst first: every such verdict is explained by one of them, and one that names
 * several objects by the cause of each. What was read of the lab comes before what requests met: a container that does
 * not run, an object that differs from the plan, one that nobody declared. What none of these can turn has a cause of
 * its own: an object that a verdict names, or the verdict itself. Pure.
 */
export function diagnose(results: readonly CheckResult[], checks: readonly AnyCheck[]): readonly Cause[] {
  const reds = results.filter(isRed).filter(({ verdict }) => verdict.code !== 'INTERRUPTED');
  if (reds.length === 0) return [];
  const catalogue: Catalogue = new Map(checks.map((check) => [check.id, check]));
  const known = suspectsOf(reds);
  const telling = new Set(known.map(({ told }) => told));
  const spoken = reds.filter((red) => !telling.has(red) && !isNamed(red));
  const first = attributed(spoken, known, catalogue);
  const left = spoken.filter((red) => !first.has(red));
  const named = namedObjects(left);
  const second = attributed(left, named, catalogue);
  const blames: readonly Blame[] = [
    ...known.map((suspect) => toBlame(suspect, spoken, first, true)),
    ...named
      .map((suspect) => toBlame(suspect, left, second, false))
      .filter(({ reds: own }) => own.length > 0),
    ...findingsIn(
      left.filter((red) => !second.has(red)),
      catalogue,
      results.some(({ id, verdict }) => id === AS_MADE && isAsMade(verdict)),
    ),
  ];
  const whole = withNamed(blames, reds.filter(isNamed));
  return whole.toSorted(worstFirst).map((blame) => toCause(blame, results, catalogue));
}

/** @param tells whether the verdict that names the suspect is told by nothing else */
function toBlame(
  suspect: Suspect,
  reds: readonly Red[],
  of: ReadonlyMap<Red, Suspect>,
  tells: boolean,
): Blame {
  const { told, kind: _kind, place: _place, ...cause } = suspect;
  const own = reds.filter((red) => of.get(red) === suspect);
  return { cause, told, reds: tells ? [told, ...own] : own };
}

/** It follows from the verdict that it names. */
function isNamed({ verdict }: Red): boolean {
  return consequenceOf(verdict.code) === 'named';
}

/** What names the verdict that it follows from has the cause of that verdict. */
function withNamed(blames: readonly Blame[], named: readonly Red[]): readonly Blame[] {
  const of = new Map(named.map((red) => [red, antecedentIn(blames, red)]));
  const [worst] = blames.toSorted(worstFirst);
  return blames.map((blame) => ({
    ...blame,
    reds: [...blame.reds, ...named.filter((red) => (of.get(red) ?? worst) === blame)],
  }));
}

/** Its control, or the blocking check that it stands behind: the cause that turned most of its verdicts. */
function antecedentIn(blames: readonly Blame[], red: Red): Blame | undefined {
  const name = /\b(MD-[A-Z]+-\d{3}(?:\[[^\]\s]+\])?) (?:is|failed on)\b/.exec(red.verdict.message)?.[1];
  if (name === undefined) return undefined;
  const [most] = blames
    .map((blame) => ({ blame, count: blame.reds.filter((one) => isMeant(name, one)).length }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
  return most?.blame;
}

/** `MD-JWT-001` is that of the lab, `MD-JWT-001[orders]` that of a service; any case of it. */
function isMeant(name: string, { id, service }: Red): boolean {
  return name === nameOf(service === undefined ? { id } : { id, service });
}

const KINDS: readonly Cause['verdict'][] = ['fail', 'unknown', 'warn'];

/** What fails before what could not be seen, and that before warnings; then whatever explains more. */
function worstFirst(a: Blame, b: Blame): number {
  return KINDS.indexOf(severity(a)) - KINDS.indexOf(severity(b)) || b.reds.length - a.reds.length;
}

function severity({ reds }: Blame): Cause['verdict'] {
  return KINDS.find((kind) => reds.some(({ verdict }) => verdict.kind === kind)) ?? 'warn';
}

function toCause(blame: Blame, results: readonly CheckResult[], catalogue: Catalogue): Cause {
  const { cause, told, reds } = blame;
  const explained = new Set<CheckResult>(reds);
  return {
    ...cause,
    verdict: severity(blame),
    effect: effectOf(told, reds, catalogue),
    explains: results.filter((result) => explained.has(result)).map(explainedOf),
  };
}

function explainedOf({ id, case: one, service }: CheckResult): Explained {
  return {
    id,
    ...(one === undefined ? {} : { case: one }),
    ...(service === undefined ? {} : { service }),
  };
}
