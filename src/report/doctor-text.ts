import type { Diagnosis } from '../doctor/diagnose.ts';
import { type Finding, type FindingState, SUBJECTS } from '../doctor/finding.ts';
import { type Paint, painter, printable, REASON } from './check-lines.ts';

type Style = Parameters<Paint>[0];

const MARK: Readonly<Record<FindingState, { readonly text: string; readonly style: Style }>> = {
  ok: { text: 'ok     ', style: 'green' },
  warn: { text: 'WARN   ', style: 'yellow' },
  fatal: { text: 'FATAL  ', style: 'red' },
  unknown: { text: 'UNKNOWN', style: 'yellow' },
  skip: { text: 'skip   ', style: 'gray' },
};

export interface DoctorTextOptions {
  readonly colour: boolean;
  /** What is ok or skipped too, with what was seen; otherwise one line of a subject stands for it. */
  readonly all: boolean;
  readonly durationMs: number;
  /** Changes that `--fix` made, in words. */
  readonly fixed: readonly string[];
  /** Changes that `--fix` would make. */
  readonly fixable: readonly string[];
}

/** The report for people: one block for each subject, what is not ok with its reason and its repair. */
export function doctorText({ lab, findings, summary }: Diagnosis, options: DoctorTextOptions): string {
  const paint = painter(options.colour);
  const blocks = Object.entries(SUBJECTS).flatMap(([subject, title]) =>
    blockOf(
      title,
      findings.filter((one) => one.subject === subject),
      options,
      paint,
    ),
  );
  const { ok, warn, fatal, unknown, skip, exitCode } = summary;
  const seconds = (options.durationMs / 1000).toFixed(1);
  return [
    paint('bold', `meshdev doctor   lab ${lab}`),
    '',
    ...options.fixed.map((what) => `  ${paint('green', 'fixed  ')}  ${what}`),
    ...blocks,
    ...fixLines(options.fixable),
    `${findings.length} findings: ${ok} ok, ${warn} warn, ${fatal} fatal, ${unknown} unknown, ${skip} skip   ${seconds} s   exit ${exitCode}`,
    '',
  ].join('\n');
}

function blockOf(
  title: string,
  findings: readonly Finding[],
  { all }: DoctorTextOptions,
  paint: Paint,
): readonly string[] {
  const shown = findings.filter(({ state }) => all || !['ok', 'skip'].includes(state));
  const ok = findings.filter(({ state }) => state === 'ok').length;
  const sum = all || ok === 0 ? [] : [`  ${paint('green', MARK.ok.text)}  ${ok} ok`];
  const lines = shown.flatMap((finding) => findingLines(finding, paint));
  return lines.length + sum.length === 0 ? [] : [paint('bold', title), ...lines, ...sum];
}

function findingLines(finding: Finding, paint: Paint): readonly string[] {
  const { id, state, title, why, code, remedies } = finding;
  const mark = MARK[state];
  const inside = finding.case === undefined ? '' : `   [${finding.case}]`;
  const head = `  ${paint(mark.style, mark.text)}  ${id}  ${title}${inside}`;
  const seen = printable(finding.seen);
  switch (state) {
    case 'ok':
      return [head, `${REASON}${paint('gray', seen)}`];
    case 'skip':
    case 'unknown':
      return [head, `${REASON}because ${seen}`];
    case 'warn':
    case 'fatal':
      return [
        head,
        `${REASON}${code === undefined ? '' : `${code}  `}${seen}`,
        `${REASON}why    ${why}`,
        ...remedies.map((remedy) => `${REASON}run    ${printable(remedy)}`),
      ];
  }
}

/** A command stands on a line of its own, which nobody breaks. */
function fixLines(fixable: readonly string[]): readonly string[] {
  if (fixable.length === 0) return [];
  return [
    'with --fix and your consent, doctor makes these changes:',
    ...fixable.map((what) => `  - ${what}`),
    '  run    meshdev doctor --fix',
  ];
}
