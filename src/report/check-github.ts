import type { Cause } from '../checks/diagnosis/cause.ts';
import { type CheckReport, type CheckResult, nameOf, type Verdict } from '../checks/verdict.ts';
import { causeFacts, causeTitle, followLine } from './causes-text.ts';
import { shownResults } from './nothing-judged.ts';
import { totals } from './totals.ts';

/** Workflow commands that GitHub shows as annotations, and the totals as a plain line. */
export function checkGithub(report: CheckReport): string {
  const causes = (report.causes ?? []).map((cause) => causeAnnotation(cause, report.strict));
  const lines = annotated(report).flatMap((result) => annotation(result, report.strict));
  return [...causes, ...lines, plain(totals(report)), ''].join('\n');
}

/** Runners show the first annotations only: the causes are among them. */
function causeAnnotation(cause: Cause, strict: boolean): string {
  const level = cause.verdict === 'warn' && !strict ? 'warning' : 'error';
  const facts = causeFacts(cause).map(({ label, text }) => `${label}: ${text}`);
  const title = property(`cause: ${causeTitle(cause)}`);
  return `::${level} title=${title}::${data([...facts, ...followLine(cause)].join('\n'))}`;
}

/** What a run did not come to before it was stopped is one annotation, not hundreds. */
function annotated(report: CheckReport): readonly CheckResult[] {
  const shown = shownResults(report);
  if (!report.interrupted) return shown;
  const cause = shown.find(({ verdict }) => 'code' in verdict && verdict.code === 'INTERRUPTED');
  return shown.filter((result) => result === cause || result.verdict.kind !== 'unknown');
}

function annotation(result: CheckResult, strict: boolean): readonly string[] {
  const { verdict } = result;
  switch (verdict.kind) {
    case 'pass':
    case 'skip':
      return [];
    case 'warn':
    case 'fail':
    case 'unknown': {
      const level = verdict.kind === 'warn' && !strict ? 'warning' : 'error';
      const runs = verdict.remedies.map((remedy) => `\nrun: ${remedy}`).join('');
      const title = property(`${nameOf(result)} ${result.title}`);
      return [`::${level} title=${title}::${data(`${verdict.code} ${verdict.message}${runs}`)}`];
    }
  }
}

/** As the runner unescapes them. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A line that begins with two colons would be a command. */
function plain(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ').replace(/^\s*::/, '');
}

/** Markdown for the step summary: a row per hop and per service, then what is not green. */
export function checkSummary(report: CheckReport): string {
  const kinds = ['pass', 'warn', 'fail', 'unknown', 'skip'] as const;
  const ofLab = report.checks.filter(({ service }) => service === undefined);
  const hops = [...new Set(ofLab.map(({ hop }) => hop))];
  const rowOf = (name: string, own: readonly CheckResult[]): string => {
    const counts = kinds.map((kind) => String(own.filter(({ verdict }) => verdict.kind === kind).length));
    return `| ${[cell(name), ...counts].join(' | ')} |`;
  };
  const rows = [
    ...hops.map((hop) =>
      rowOf(
        hop,
        ofLab.filter((check) => check.hop === hop),
      ),
    ),
    ...(report.services ?? []).map(({ service }) =>
      rowOf(
        `service ${service}`,
        report.checks.filter((check) => check.service === service),
      ),
    ),
  ];
  const table = [`| hop | ${kinds.join(' | ')} |`, `| --- |${' ---: |'.repeat(kinds.length)}`, ...rows];
  const red = annotated(report).flatMap(notGreen);
  const list = red.length === 0 ? [] : ['', '| check | verdict | seen |', '| --- | --- | --- |', ...red];
  const heading = `### meshdev check: lab ${cell(report.lab)}`;
  return [heading, '', ...causeList(report), ...table, ...list, '', cell(totals(report)), ''].join('\n');
}

function causeList({ causes = [] }: CheckReport): readonly string[] {
  const items = causes.map((cause) => {
    const facts = causeFacts(cause).map(({ label, text }) => `${label}: ${cell(text)}`);
    return `- **${cell(causeTitle(cause))}**<br>${[...facts, ...followLine(cause)].join('<br>')}`;
  });
  return items.length === 0 ? [] : ['**Causes**', '', ...items, ''];
}

function notGreen(result: CheckResult): readonly string[] {
  const { verdict } = result;
  if (!('code' in verdict)) return [];
  const cells = [nameOf(result), `${markOf(verdict)} ${verdict.code}`, verdict.message];
  return [`| ${cells.map(cell).join(' | ')} |`];
}

function markOf({ kind }: Verdict): string {
  return kind === 'fail' ? '❌' : '⚠️';
}

/** Nothing from the wire becomes markup, a mention or a second row. */
function cell(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|#@~!]/g, (character) => `&#${character.codePointAt(0)};`);
}
