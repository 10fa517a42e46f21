import type { CheckReport } from '../checks/verdict.ts';

/** The last line of every format for people: counts, time, exit code. */
export function totals({ summary, checks, durationMs, interrupted, askedAgain = [] }: CheckReport): string {
  const parts = (['pass', 'warn', 'fail', 'unknown', 'skip'] as const).map(
    (kind) => `${summary[kind]} ${kind}`,
  );
  const negative = checks.filter(({ polarity }) => polarity === 'negative');
  const seconds = (durationMs / 1000).toFixed(1);
  const counts = `${counted(idsIn(checks), 'check')} (${idsIn(negative)} negative), ${counted(checks.length, 'verdict')} (${negative.length} negative)`;
  const again = askedAgain.length === 0 ? '' : `, ${askedAgain.length} sent again`;
  return `${counts}: ${parts.join(', ')}${again}   ${seconds} s   exit ${summary.exitCode}${interrupted ? '   interrupted' : ''}`;
}

/** The one line about a run that was stopped: how far it came. */
export function interruptedTotals({ summary, checks, durationMs }: CheckReport): string {
  const left = idsIn(checks.filter(({ verdict }) => 'code' in verdict && verdict.code === 'INTERRUPTED'));
  const all = idsIn(checks);
  const seconds = (durationMs / 1000).toFixed(1);
  return `interrupted after ${seconds} s: ${all - left} of ${all} checks were judged, ${summary.fail} fail   exit ${summary.exitCode}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function idsIn(checks: CheckReport['checks']): number {
  return new Set(checks.map(({ id }) => id)).size;
}
