import { CATALOGUE } from '../../checks/catalogue.ts';
import type { AnyCheck } from '../../checks/check.ts';
import { isCertain, lastingCauses } from '../../checks/diagnosis/certain.ts';
import { select } from '../../checks/select.ts';
import { type CheckReport, nameOf } from '../../checks/verdict.ts';
import type { Service } from '../../topology/service.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { pause } from '../../run/wait-until.ts';

/**
 * How long what is not green is asked again. A proxy of the lab drains in seconds (`drainDuration`), by
 * Istio's default in 45 s, and istiod takes a little to tell it.
 */
const DRAIN_MS = 50_000;
const INTERVAL_MS = 1_000;

/** Proxies of the lab have drained by then: what is still red is not about connections from before. */
const DRAINED_MS = 6_000;

export interface ProveChangedOptions extends RunScope {
  /** Those of meshdev.yaml; what is not green of one of them is asked again with its own controls. */
  readonly services?: readonly Service[];
  readonly patienceMs?: number;
  readonly intervalMs?: number;
  readonly drainedMs?: number;
}

/**
 * Proves a chain that was changed a moment ago. Established connections keep the policies they began
 * with until their proxy has drained them, so a verdict may be about what was. What is not green is asked
 * again until it is, or until that time is over, and then all of it anew: what is returned was always seen in
 * one run of every check. Nobody waits for a cause that does not pass by itself. `check` never asks twice.
 * @param prove judges these checks, whatever was judged before
 * @returns the last report of the whole catalogue, green or not
 */
export async function proveChanged(
  prove: (checks: readonly AnyCheck[]) => Promise<CheckReport>,
  options: ProveChangedOptions,
): Promise<CheckReport> {
  const { signal, progress, patienceMs = DRAIN_MS, intervalMs = INTERVAL_MS, services } = options;
  const deadline = performance.now() + patienceMs;
  const isLast = ({ summary }: CheckReport): boolean =>
    summary.exitCode === 0 || signal.aborted || performance.now() >= deadline;
  for (;;) {
    const report = await prove(CATALOGUE);
    if (isLast(report)) return report;
    progress(
      `not green yet, because connections from before the change may still be open: ${notGreen(report)}`,
    );
    const drained = performance.now() + (options.drainedMs ?? DRAINED_MS);
    const red = select(CATALOGUE, askedAgain(report), [], services === undefined ? {} : { services });
    let again: CheckReport;
    do {
      await pause(intervalMs, signal);
      again = await prove(red);
      if (performance.now() >= drained && isCertain(again, report)) return report;
    } while (!isLast(again));
  }
}

/** What is red, and what tells the causes that last. */
function askedAgain(report: CheckReport): readonly string[] {
  const telling = lastingCauses(report).map((id) => id.split(/[:[]/)[0] ?? id);
  return [...new Set([...redOf(report).map(({ id }) => id), ...telling])];
}

function redOf({ checks }: CheckReport): CheckReport['checks'] {
  return checks.filter(({ verdict }) => verdict.kind === 'fail' || verdict.kind === 'unknown');
}

function notGreen(report: CheckReport): string {
  const ids = redOf(report).map(nameOf);
  return ids.slice(0, 5).join(', ') + (ids.length > 5 ? ` and ${ids.length - 5} more` : '');
}
