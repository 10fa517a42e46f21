import { type CheckReport, type CheckResult, summarise } from '../checks/verdict.ts';
import type { StoppedCode } from '../run/interruption.ts';

/**
 * The results as formats without an exit code have to show them: a run that judged nothing has one
 * that is unknown, for it is not green.
 */
export function shownResults({ checks, summary }: CheckReport): readonly CheckResult[] {
  const isSilent = summary.exitCode !== 0 && summary.fail + summary.unknown + summary.warn === 0;
  return isSilent ? [...checks, notJudged('no check was judged')] : checks;
}

/** The one result of a run that did not come as far as judging. */
function notJudged(message: string): CheckResult {
  return {
    id: 'MD-RUN-000',
    title: 'something was judged',
    hop: 'lab',
    polarity: 'positive',
    verdict: { kind: 'unknown', code: 'NO_CASES', message, remedies: ['meshdev check'] },
    durationMs: 0,
  };
}

/** The report of a run that ended before anything could be judged. */
export function notRunReport(
  lab: string,
  message: string,
  at: Date,
  stopped: StoppedCode | false,
): CheckReport {
  const checks = [notJudged(message)];
  return {
    schemaVersion: '1',
    kind: 'CheckReport',
    lab,
    startedAt: at.toISOString(),
    durationMs: 0,
    interrupted: stopped !== false,
    strict: false,
    firstBroken: null,
    summary: summarise(checks, false, stopped),
    checks,
  };
}

/** Whether the run is not green because of it. */
export function isRed({ verdict }: Pick<CheckResult, 'verdict'>, strict: boolean): boolean {
  return verdict.kind === 'fail' || (strict && verdict.kind === 'warn');
}
