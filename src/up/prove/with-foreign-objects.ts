import type { AnyCheck } from '../../checks/check.ts';
import { CATALOGUE } from '../../checks/catalogue.ts';
import { diagnose } from '../../checks/diagnosis/diagnose.ts';
import { FOREIGN_OBJECTS } from '../../checks/foreign-remedies.ts';
import { type CheckReport, summarise } from '../../checks/verdict.ts';

/**
 * The core does not ask for foreign objects. Where it is not green they are asked for, since one of them may be the
 * cause; no verdict of the report is judged again.
 * @param asked the checks of the report
 * @param look judges that one check
 */
export async function withForeignObjects(
  report: CheckReport,
  asked: readonly AnyCheck[],
  look: () => Promise<CheckReport>,
): Promise<CheckReport> {
  const isAsked = asked.some(({ id }) => id === FOREIGN_OBJECTS);
  if (report.summary.exitCode === 0 || report.interrupted || isAsked) return report;
  const { checks: found } = await look();
  const checks = [...report.checks, ...found];
  return {
    ...report,
    checks,
    causes: diagnose(checks, CATALOGUE),
    summary: summarise(checks, report.strict),
  };
}
