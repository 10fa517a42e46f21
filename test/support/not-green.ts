import { z } from 'zod';
import { parseJson } from '../../src/parse-json.ts';

const judged = z.object({
  id: z.string(),
  case: z.string().nullable(),
  verdict: z.string(),
  code: z.string().nullable(),
  message: z.string().nullable(),
});
const checkReport = z.object({ checks: z.array(judged) });
const report = z.union([checkReport, z.object({ check: checkReport }).transform(({ check }) => check)]);

type Judged = z.infer<typeof judged>;

/** What follows from another verdict that is not green: the cause is told, these are counted. */
const CONSEQUENCES: ReadonlySet<string | null> = new Set([
  'CONTROL_NOT_GREEN',
  'CONTROL_NOT_JUDGED',
  'BEHIND_BROKEN_LINK',
]);
const MOST = 40;

/**
 * The verdicts of a report that are not green, causes before consequences, a line each. Reports are long and
 * a message is cut: they come first in it. Of the JSON of `check` and `up`, and of what people are shown.
 */
export function notGreenIn(stdout: string): readonly string[] {
  const parsed = report.safeParse(parseJson(stdout));
  return parsed.success ? ofVerdicts(parsed.data.checks) : ofText(stdout);
}

function ofVerdicts(checks: readonly Judged[]): readonly string[] {
  const rank = ['fail', 'unknown', 'warn'];
  const red = checks
    .filter(({ verdict }) => rank.includes(verdict))
    .toSorted((a, b) => rank.indexOf(a.verdict) - rank.indexOf(b.verdict));
  const causes = red.filter(({ code }) => !CONSEQUENCES.has(code));
  const following = red.filter(({ code }) => CONSEQUENCES.has(code));
  const ids = [...new Set(following.map(({ id }) => id))];
  return [
    ...causes.slice(0, MOST).map(told),
    ...(causes.length > MOST ? [`and ${causes.length - MOST} more`] : []),
    ...(ids.length > 0 ? [`${following.length} follow from others: ${ids.join(', ')}`] : []),
  ];
}

function told({ id, case: one, verdict, code, message }: Judged): string {
  const name = one === null ? id : `${id}[${one}]`;
  return `${verdict} ${name} ${code ?? ''}: ${(message ?? '').slice(0, 300)}`;
}

/** A line with the mark of a verdict that is not green, and the reason below it. */
function ofText(stdout: string): readonly string[] {
  const lines = stdout.split('\n');
  return lines
    .flatMap((line, at) =>
      /^ {2}(FAIL|UNKNOWN|WARN) /.test(line) ? [`${line.trim()}: ${(lines[at + 1] ?? '').trim()}`] : [],
    )
    .slice(0, MOST);
}
