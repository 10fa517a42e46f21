import { blockLines, type Detail, redLines } from './detail.ts';
import type { CheckReport, CheckResult, ServiceSummary } from '../checks/verdict.ts';
import { spiffeId } from '../topology/identity.ts';
import { type Lab, serviceOf } from '../topology/lab.ts';
import {
  behindLine,
  brokenLine,
  checkLines,
  foldSkips,
  greenLine,
  isBehind,
  MARK,
  type Paint,
  printable,
  REASON,
} from './check-lines.ts';

/** One block per service, in the order of the lab: all of its failures stand under its name. */
export function serviceBlocks(
  report: CheckReport,
  lab: Lab,
  detail: Detail,
  paint: Paint,
): readonly string[] {
  return (report.services ?? []).map((summary) => {
    const checks = ofService(report, summary);
    const title = `${paint('bold', `service ${summary.service}`)}   ${describe(summary.service, lab)}`;
    const lines = detail === 'each' ? eachLines(checks, paint) : blockLines(checks, detail, paint);
    return [title.trimEnd(), ...brokenLines(summary, paint), ...lines].join('\n');
  });
}

function eachLines(checks: readonly CheckResult[], paint: Paint): readonly string[] {
  const shown = checks.filter((check) => check.verdict.kind !== 'pass' && !isBehind(check));
  return [...foldedLines(shown, paint), ...behindLine(checks, paint), ...greenLine(checks, paint)];
}

/** What is not green of each service, under its name; nothing of a service that is green. */
export function servicesNotGreen(report: CheckReport, detail: Detail, paint: Paint): readonly string[] {
  return (report.services ?? []).flatMap((summary) => {
    const lines = redLines(ofService(report, summary), detail, paint);
    if (lines.length === 0) return [];
    return [paint('bold', `service ${summary.service}`), ...brokenLines(summary, paint), ...lines];
  });
}

function ofService({ checks }: CheckReport, { service }: ServiceSummary): readonly CheckResult[] {
  return checks.filter((check) => check.service === service);
}

function brokenLines({ firstBroken }: ServiceSummary, paint: Paint): readonly string[] {
  return firstBroken === null ? [] : [`  ${brokenLine(firstBroken, paint)}`];
}

/** Where it is reached, and who it is. */
function describe(id: string, lab: Lab): string {
  const service = serviceOf(lab, id);
  if (service === undefined) return '';
  return `${service.audience ?? 'not exposed'} · ${spiffeId(service.identity)}`;
}

/** What is left out of several checks for one reason is one line: of ten services nobody reads it ten times over. */
function foldedLines(shown: readonly CheckResult[], paint: Paint): readonly string[] {
  const because = ({ verdict }: CheckResult): string | undefined =>
    verdict.kind === 'skip' ? verdict.because : undefined;
  const rows = foldSkips(shown);
  return rows.flatMap((check) => {
    const reason = because(check);
    const alike = reason === undefined ? [check] : rows.filter((other) => because(other) === reason);
    if (reason === undefined || alike.length < 2) return checkLines(check, paint);
    if (alike[0] !== check) return [];
    const ids = alike.map(({ id }) => id).join(', ');
    return [`  ${paint(MARK.skip.style, MARK.skip.text)}  ${ids}`, `${REASON}because ${printable(reason)}`];
  });
}
