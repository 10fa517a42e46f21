import { styleText } from 'node:util';
import type { CheckReport, CheckResult, Verdict } from '../checks/verdict.ts';
import { HOP_IDS } from '../topology/hop.ts';
import type { Lab } from '../topology/lab.ts';
import { interruptedTotals, totals } from './totals.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Green checks too; otherwise one line per hop stands for them. */
  readonly all: boolean;
  /** Only what is not green. */
  readonly quiet?: boolean;
}

/** How many failures a run that was stopped shows. */
const FAILED_SHOWN = 3;

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const MARK: Record<Verdict['kind'], { readonly text: string; readonly style: Style }> = {
  pass: { text: 'ok     ', style: 'green' },
  warn: { text: 'WARN   ', style: 'yellow' },
  fail: { text: 'FAIL   ', style: 'red' },
  unknown: { text: 'UNKNOWN', style: 'yellow' },
  skip: { text: 'skip   ', style: 'gray' },
};

/** Below the id of its check, and a little to the right. */
const REASON = ' '.repeat(13);

/** The report for people: one block per hop in the order of the chain, what is not green with its reason. */
export function checkText(report: CheckReport, lab: Lab, options: TextOptions): string {
  const paint: Paint = (style, text) =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const head = `meshdev check   lab ${report.lab}   context ${lab.cluster.context}   ${report.startedAt}`;
  const broken = brokenLines(report, paint);
  if (report.interrupted) return [...broken, ...failed(report, paint), interruptedTotals(report)].join('\n');
  if (options.quiet === true) return [...broken, ...notGreen(report, paint), totals(report)].join('\n');
  const blocks = hopsOf(report).map((hop) => hopBlock(hop, report, lab, options, paint));
  return [paint('bold', head), '', ...broken, ...blocks, totals(report)].join('\n');
}

function notGreen({ checks }: CheckReport, paint: Paint): readonly string[] {
  return checks
    .filter((check) => ['warn', 'fail', 'unknown'].includes(check.verdict.kind) && !isBehind(check))
    .flatMap((check) => checkLines(check, paint));
}

/** Of a run that was stopped: whoever did that wants to know what was found, and not what was not. */
function failed({ checks }: CheckReport, paint: Paint): readonly string[] {
  const own = checks.filter(({ verdict }) => verdict.kind === 'fail');
  const lines = own.slice(0, FAILED_SHOWN).flatMap((check) => checkLines(check, paint));
  return own.length > FAILED_SHOWN ? [...lines, `  ${own.length - FAILED_SHOWN} more failed`] : lines;
}

function hopsOf(report: CheckReport): readonly CheckResult['hop'][] {
  const judged = new Set(report.checks.map((check) => check.hop));
  return ([...HOP_IDS, 'host', 'lab'] as const).filter((hop) => judged.has(hop));
}

function hopBlock(
  hop: CheckResult['hop'],
  report: CheckReport,
  lab: Lab,
  options: TextOptions,
  paint: Paint,
): string {
  const checks = report.checks.filter((check) => check.hop === hop);
  const shown = checks.filter((check) => options.all || !(check.verdict.kind === 'pass' || isBehind(check)));
  const behind = options.all ? 0 : checks.filter(isBehind).length;
  const green = checks.filter((check) => check.verdict.kind === 'pass');
  const negatives = green.filter((check) => check.polarity === 'negative').length;
  const title = `${paint('bold', hop.replace('->', ' -> '))}   ${describeHop(hop, lab)}`;
  const sum = `  ${paint('green', MARK.pass.text)}  ${green.length - negatives} verified, ${negatives} forgeries refused`;
  const lines = (options.all ? shown : foldSkips(shown)).flatMap((check) => checkLines(check, paint));
  return [
    title.trimEnd(),
    ...lines,
    ...(behind === 0
      ? []
      : [`  ${paint('yellow', MARK.unknown.text)}  ${behind} could not be observed behind the broken link`]),
    ...(options.all || green.length === 0 ? [] : [sum]),
  ].join('\n');
}

/** Said once, above everything: all that is behind it is a consequence. */
function brokenLines({ firstBroken }: CheckReport, paint: Paint): readonly string[] {
  if (firstBroken === null) return [];
  const { hop, id, message } = firstBroken;
  return [
    `${paint('red', 'first broken link')}   ${hop.replace('->', ' -> ')}   ${id}  ${printable(message)}`,
    '',
  ];
}

/** Cases of one check that are left out for one reason share a line. */
function foldSkips(shown: readonly CheckResult[]): readonly CheckResult[] {
  const sameSkip = (a: CheckResult, b: CheckResult): boolean =>
    a.id === b.id &&
    a.verdict.kind === 'skip' &&
    b.verdict.kind === 'skip' &&
    a.verdict.because === b.verdict.because;
  return shown.flatMap((check) => {
    const alike = shown.filter((other) => sameSkip(check, other));
    if (alike.length < 2) return [check];
    const names = alike.map((other) => other.case ?? '').join(', ');
    return alike[0] === check ? [{ ...check, case: names }] : [];
  });
}

function isBehind({ verdict }: CheckResult): boolean {
  return verdict.kind === 'unknown' && verdict.code === 'BEHIND_BROKEN_LINK';
}

function describeHop(id: CheckResult['hop'], lab: Lab): string {
  const hop = lab.hops.find((candidate) => candidate.id === id);
  if (hop === undefined) return '';
  const transport = { plaintext: 'plaintext', tls: 'TLS', mtls: 'mutual TLS' }[hop.transport];
  const components = [hop.client, hop.server].filter((component) => component !== undefined).join(' <-> ');
  return [transport, components].filter((part) => part !== '').join(' · ');
}

function checkLines(check: CheckResult, paint: Paint): readonly string[] {
  const mark = MARK[check.verdict.kind];
  const verdict = readable(check.verdict);
  const head = `  ${paint(mark.style, mark.text)}  ${check.id}  ${check.title}${check.case === undefined ? '' : `   [${check.case}]`}`;
  switch (verdict.kind) {
    case 'pass':
      return [verdict.because === undefined ? head : `${head}\n${REASON}${paint('gray', verdict.because)}`];
    case 'skip':
      return [`${head}\n${REASON}because ${verdict.because}`];
    case 'warn':
    case 'fail':
    case 'unknown':
      return [
        head,
        `${REASON}${verdict.code}  ${verdict.message}`,
        ...verdict.remedies.map((remedy) => `${REASON}run    ${remedy}`),
      ];
  }
}

/** What components on the wire said is shown, but may not steer the terminal. */
function readable(verdict: Verdict): Verdict {
  switch (verdict.kind) {
    case 'pass':
      return verdict.because === undefined ? verdict : { ...verdict, because: printable(verdict.because) };
    case 'skip':
      return { ...verdict, because: printable(verdict.because) };
    case 'warn':
    case 'fail':
    case 'unknown':
      return {
        ...verdict,
        message: printable(verdict.message),
        remedies: verdict.remedies.map((remedy) => printable(remedy)),
      };
  }
}

function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
