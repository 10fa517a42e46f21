import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import type { AnyCheck } from '../../../src/checks/check.ts';
import type { CheckReport } from '../../../src/checks/verdict.ts';
import { waitUntil } from '../../../src/run/wait-until.ts';
import type { Bench } from './bench.ts';
import {
  askedOf,
  type Beside,
  isAsNamed,
  type Judgement,
  judgeReport,
  redOf,
  withoutWords,
} from './judge-faults.ts';
import type { FaultInjection } from './fault-injection.ts';

/** Until what was changed has reached every proxy and old connections are gone. */
const PATIENCE_MS = 75_000;
/** So that a lab that answers at once is not asked without a pause. */
const INTERVAL_MS = 300;

/** What was seen of one fault injection, until it no longer changed. */
export interface Settled {
  readonly report: CheckReport;
  readonly judgement: Judgement;
  /** False where the last two reports still differed when the time was over. */
  readonly isSettled: boolean;
  /** How many reports it took. */
  readonly reports: number;
  /** What turned in an earlier report although nobody named it, and is not in this one. */
  readonly transient: readonly string[];
}

/**
 * Asks a broken lab until a report is settled, and judges that one. Settled is the first report that says
 * exactly what is named, or in which all that is named has turned and which says the same as the one before:
 * a surplus that stays for two reports is a surplus, and what was there only in between is told apart.
 */
export async function settle(
  bench: Bench,
  fault: FaultInjection,
  { beside, skipped }: { readonly beside: Beside; readonly skipped: ReadonlySet<string> },
): Promise<Settled> {
  const asked = askedOf(fault, beside);
  const deadline = performance.now() + PATIENCE_MS;
  const before: Judgement[] = [];
  for (;;) {
    const report = await bench.check(asked);
    const judgement = judgeReport(report, fault, skipped);
    const isSettled = isAsNamed(judgement) || isLasting(judgement, before.at(-1));
    if (isSettled || performance.now() >= deadline)
      return {
        report,
        judgement,
        isSettled,
        reports: before.length + 1,
        transient: transientIn(before, judgement),
      };
    before.push(judgement);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

/** Pure: all that is named has turned, and the report before said the same. */
export function isLasting(judgement: Judgement, before: Judgement | undefined): boolean {
  const words = ({ turned }: Judgement): string => turned.map(withoutWords).toSorted().join('\n');
  return before !== undefined && judgement.missing.length === 0 && words(judgement) === words(before);
}

/** Pure: surplus of earlier reports that is not one of the last. */
export function transientIn(before: readonly Judgement[], last: Judgement): readonly string[] {
  const stayed = new Set(last.surplus.map(withoutWords));
  const gone = before.flatMap(({ surplus }) => surplus.map(withoutWords));
  return [...new Set(gone)].filter((line) => !stayed.has(line));
}

/** Waits until nothing is red any more. @returns that report */
export async function untilGreen(
  bench: Bench,
  checks: readonly AnyCheck[] = CATALOGUE,
): Promise<CheckReport> {
  return waitUntil(
    async () => {
      const report = await bench.check(checks);
      const red = redOf(report);
      return red.length === 0 ? { done: report } : { seen: red.slice(0, 8).join(' · ') };
    },
    {
      what: 'the lab to be green',
      timeoutMs: PATIENCE_MS,
      intervalMs: INTERVAL_MS,
      signal: AbortSignal.timeout(300_000),
    },
  );
}
