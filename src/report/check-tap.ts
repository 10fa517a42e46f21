import type { Cause } from '../checks/diagnosis/cause.ts';
import { type CheckReport, type CheckResult, nameOf } from '../checks/verdict.ts';
import { causeFacts, causeTitle, followLine } from './causes-text.ts';
import { isRed, shownResults } from './nothing-judged.ts';
import { totals } from './totals.ts';

/** TAP version 14: one test point per verdict, with what was seen as a YAML diagnostic. */
export function checkTap(report: CheckReport): string {
  const results = shownResults(report);
  const points = results.map((result, at) => point(result, at + 1, report.strict));
  const plan = ['TAP version 14', `1..${results.length}`, ...(report.causes ?? []).flatMap(comments)];
  return [...plan, ...points, `# ${oneLine(totals(report))}`, ''].join('\n');
}

/** What is broken comes before what follows from it. */
function comments(cause: Cause): readonly string[] {
  const facts = causeFacts(cause).map(({ label, text }) => `  ${label}: ${text}`);
  return [`cause: ${causeTitle(cause)}`, ...facts, ...followLine(cause).map((line) => `  ${line}`)].map(
    (line) => `# ${oneLine(line)}`,
  );
}

function point(result: CheckResult, number: number, strict: boolean): string {
  const { verdict } = result;
  const ok = isRed(result, strict) || verdict.kind === 'unknown' ? 'not ok' : 'ok';
  const line = `${ok} ${number} - ${escaped(`${nameOf(result)} ${result.title}`)}`;
  switch (verdict.kind) {
    case 'pass':
      return line;
    case 'skip':
      return `${line} # SKIP ${escaped(verdict.because)}`;
    case 'warn':
    case 'fail':
    case 'unknown': {
      const { kind, code, message, remedies } = verdict;
      return [line, ...diagnostic({ verdict: kind, code, message, run: remedies })].join('\n');
    }
  }
}

/** JSON strings are YAML too, and need no thought about what they hold. */
function diagnostic(values: Readonly<Record<string, unknown>>): readonly string[] {
  const rows = Object.entries(values).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  return ['  ---', ...rows, '  ...'];
}

function escaped(text: string): string {
  return oneLine(text)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('#', String.raw`\#`);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
