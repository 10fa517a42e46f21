import { caseNameOf, type CheckResult, type Verdict } from '../checks/verdict.ts';
import { isSkippedByGate } from '../checks/consequences.ts';
import { behindLine, checkLines, foldSkips, greenLine, isBehind, MARK, type Paint } from './check-lines.ts';

/** How much of a block is shown: every verdict; each that is not green; each check; counts. */
export type Detail = 'all' | 'each' | 'check' | 'count';

/** From the fullest to the shortest. */
export const SHORTER: readonly Detail[] = ['each', 'check', 'count'];

/** Ids that a count names. */
const NAMED = 3;

const NOT_GREEN = ['fail', 'unknown', 'warn'] as const;

/** The lines of one block, without its title. Pure. */
export function blockLines(checks: readonly CheckResult[], detail: Detail, paint: Paint): readonly string[] {
  switch (detail) {
    case 'all':
      return checks.flatMap((check) => checkLines(check, paint));
    case 'each': {
      const shown = checks.filter((check) => check.verdict.kind !== 'pass' && !isBehind(check));
      return [
        ...foldSkips(shown).flatMap((check) => checkLines(check, paint)),
        ...behindLine(checks, paint),
        ...greenLine(checks, paint),
      ];
    }
    case 'check':
      return [
        ...NOT_GREEN.flatMap((kind) => byCheck(checks, kind, paint)),
        ...skipCount(
          checks.filter(({ verdict }) => isSkippedByGate(verdict)),
          paint,
        ),
        ...foldSkips(checks.filter(isLeftOut)).flatMap((check) => checkLines(check, paint)),
        ...greenLine(checks, paint),
      ];
    case 'count':
      return [
        ...NOT_GREEN.flatMap((kind) => counted(checks, kind, paint)),
        ...skipCount(
          checks.filter(({ verdict }) => verdict.kind === 'skip'),
          paint,
        ),
        ...greenLine(checks, paint),
      ];
  }
}

/** The same of what is not green alone. Pure. */
export function redLines(checks: readonly CheckResult[], detail: Detail, paint: Paint): readonly string[] {
  const red = checks.filter(({ verdict }) => verdict.kind !== 'pass' && verdict.kind !== 'skip');
  const each = detail === 'all' || detail === 'each';
  return each
    ? red.filter((check) => !isBehind(check)).flatMap((check) => checkLines(check, paint))
    : blockLines(red, detail, paint);
}

/** Skipped for a reason of its own. */
function isLeftOut({ verdict }: CheckResult): boolean {
  return verdict.kind === 'skip' && !isSkippedByGate(verdict);
}

function ofKind(checks: readonly CheckResult[], kind: Verdict['kind']): readonly CheckResult[] {
  return checks.filter(({ verdict }) => verdict.kind === kind);
}

/** A line for each check; where it has one such verdict, its case. */
function byCheck(checks: readonly CheckResult[], kind: Verdict['kind'], paint: Paint): readonly string[] {
  const { style, text } = MARK[kind];
  const groups = Map.groupBy(ofKind(checks, kind), ({ id }) => id);
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const inside = caseNameOf(first);
    const one = inside === undefined ? '' : `   [${inside}]`;
    const which = others.length === 0 ? one : `   (${others.length + 1} verdicts)`;
    return [`  ${paint(style, text)}  ${first.id}  ${first.title}${which}`];
  });
}

function counted(checks: readonly CheckResult[], kind: Verdict['kind'], paint: Paint): readonly string[] {
  const own = ofKind(checks, kind);
  if (own.length === 0) return [];
  const ids = [...new Set(own.map(({ id }) => id))];
  const more = ids.length - NAMED;
  const names = more > 0 ? `${ids.slice(0, NAMED).join(', ')} and ${more} more` : ids.join(', ');
  const { style, text } = MARK[kind];
  return [`  ${paint(style, text)}  ${own.length} of ${names}`];
}

function skipCount(skipped: readonly CheckResult[], paint: Paint): readonly string[] {
  const { style, text } = MARK.skip;
  return skipped.length === 0 ? [] : [`  ${paint(style, text)}  ${skipped.length} not judged`];
}
