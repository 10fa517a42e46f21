import { type CheckReport, nameOf } from '../checks/verdict.ts';
import type { RunScope } from '../run/run-scope.ts';
import { pause } from '../run/wait-until.ts';

/** How long a proxy goes on serving connections by the configuration before, and a little for istiod. */
const DRAIN_MS = 50_000;
const INTERVAL_MS = 1_000;

export interface ProveChangedOptions extends RunScope {
  readonly patienceMs?: number;
  readonly intervalMs?: number;
}

/**
 * Proves a chain that was changed a moment ago. Established connections keep the policies they began
 * with until their proxy has drained them, so a verdict may be about what was: a report that is not
 * green is taken anew, the whole of it, until that time is over. `check` never asks twice.
 * @returns the last report, green or not
 */
export async function proveChanged(
  prove: () => Promise<CheckReport>,
  { signal, progress, patienceMs = DRAIN_MS, intervalMs = INTERVAL_MS }: ProveChangedOptions,
): Promise<CheckReport> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const report = await prove();
    if (report.summary.exitCode === 0 || signal.aborted || performance.now() >= deadline) return report;
    progress(`not yet green, connections from before the change may live on: ${notGreen(report)}`);
    await pause(intervalMs, signal);
  }
}

function notGreen({ checks }: CheckReport): string {
  const ids = checks.filter(({ verdict }) => ['fail', 'unknown'].includes(verdict.kind)).map(nameOf);
  return ids.slice(0, 5).join(', ') + (ids.length > 5 ? ` and ${ids.length - 5} more` : '');
}
