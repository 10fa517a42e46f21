import { styleText } from 'node:util';
import { type BrokenLink, caseNameOf, type CheckResult, type Verdict } from '../checks/verdict.ts';

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

export const MARK: Record<Verdict['kind'], { readonly text: string; readonly style: Style }> = {
  pass: { text: 'ok     ', style: 'green' },
  warn: { text: 'WARN   ', style: 'yellow' },
  fail: { text: 'FAIL   ', style: 'red' },
  unknown: { text: 'UNKNOWN', style: 'yellow' },
  skip: { text: 'skip   ', style: 'gray' },
};

/** Below the id of its check, and a little to the right. */
export const REASON = ' '.repeat(13);

/** Colours, where they are wanted. */
export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** Said once, above everything: all that is behind it is a consequence. */
export function brokenLine({ hop, id, message }: BrokenLink, paint: Paint): string {
  return `${paint('red', 'first broken link')}   ${hop.replace('->', ' -> ')}   ${id}  ${printable(message)}`;
}

/** What stands for the green results of a block. */
export function greenLine(checks: readonly CheckResult[], paint: Paint): readonly string[] {
  const green = checks.filter((check) => check.verdict.kind === 'pass');
  const negatives = green.filter((check) => check.polarity === 'negative').length;
  return green.length === 0
    ? []
    : [
        `  ${paint('green', MARK.pass.text)}  ${green.length - negatives} verified, ${negatives} forgeries refused`,
      ];
}

export function behindLine(checks: readonly CheckResult[], paint: Paint): readonly string[] {
  const behind = checks.filter(isBehind).length;
  return behind === 0
    ? []
    : [`  ${paint('yellow', MARK.unknown.text)}  ${behind} could not be observed behind the broken link`];
}

/** Cases of one check that are left out for one reason share a line. */
export function foldSkips(shown: readonly CheckResult[]): readonly CheckResult[] {
  const sameSkip = (a: CheckResult, b: CheckResult): boolean =>
    a.id === b.id &&
    a.service === b.service &&
    a.verdict.kind === 'skip' &&
    b.verdict.kind === 'skip' &&
    a.verdict.because === b.verdict.because;
  return shown.flatMap((check) => {
    const alike = shown.filter((other) => sameSkip(check, other));
    if (alike.length < 2) return [check];
    // `[orders/a, orders/b]`: the first one is named by the line itself.
    const before = check.service === undefined ? '' : `${check.service}/`;
    const names = alike.map((other) => other.case ?? '').join(`, ${before}`);
    return alike[0] === check ? [{ ...check, case: names }] : [];
  });
}

export function isBehind({ verdict }: CheckResult): boolean {
  return verdict.kind === 'unknown' && verdict.code === 'BEHIND_BROKEN_LINK';
}

export function checkLines(check: CheckResult, paint: Paint): readonly string[] {
  const mark = MARK[check.verdict.kind];
  const verdict = readable(check.verdict);
  const inside = caseNameOf(check);
  const head = `  ${paint(mark.style, mark.text)}  ${check.id}  ${check.title}${inside === undefined ? '' : `   [${inside}]`}`;
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

export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
