import type { CheckReport } from '../checks/verdict.ts';

/** The last line of every format for people: counts, time, exit code. */
export function totals({ summary, checks, durationMs, interrupted }: CheckReport): string {
  const parts = (['pass', 'warn', 'fail', 'unknown', 'skip'] as const).map(
    (kind) => `${summary[kind]} ${kind}`,
  );
  const ids = new Set(checks.map(({ id }) => id)).size;
  return `${ids} checks, ${checks.length} verdicts: ${parts.join(', ')}   ${(durationMs / 1000).toFixed(1)} s   exit ${summary.exitCode}${interrupted ? '   interrupted' : ''}`;
}
