import type { CheckReport, CheckResult } from '../checks/verdict.ts';
import { HOP_IDS } from '../topology/hop.ts';
import type { Lab } from '../topology/lab.ts';
import { causeLines } from './causes-text.ts';
import { brokenLine, checkLines, type Paint, painter } from './check-lines.ts';
import { blockLines, type Detail, redLines, SHORTER } from './detail.ts';
import { serviceBlocks, servicesNotGreen } from './services-text.ts';
import { interruptedTotals, totals } from './totals.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Green checks too; otherwise one line per hop and service stands for them. */
  readonly all: boolean;
  /** Only what is not green. */
  readonly quiet?: boolean;
  /** Whoever prints the report tells its causes. */
  readonly causesApart?: boolean;
}

/** How many failures a run that was stopped shows. */
const FAILED_SHOWN = 3;

/** The most lines that a report with causes has, unless all is asked for. */
const SCREEN_LINES = 60;

/**
 * The report for people: the causes of what is not green, then one block per hop in the order of the chain and one
 * per service. Where there are causes, verdicts are folded as far as it takes to fit on a screen.
 */
export function checkText(report: CheckReport, lab: Lab, options: TextOptions): string {
  const paint = painter(options.colour);
  const broken = report.firstBroken === null ? [] : [brokenLine(report.firstBroken, paint), ''];
  if (report.interrupted) return [...broken, ...failed(report, paint), interruptedTotals(report)].join('\n');
  const shown = (detail: Detail): string => bodyOf(report, lab, detail, options);
  if (options.all) return shown('all');
  const texts = (report.causes ?? []).length === 0 ? [] : SHORTER.map(shown);
  return texts.find((text) => text.split('\n').length <= SCREEN_LINES) ?? texts.at(-1) ?? shown('each');
}

function bodyOf(report: CheckReport, lab: Lab, detail: Detail, options: TextOptions): string {
  const paint = painter(options.colour);
  const { all, quiet = false, causesApart = false } = options;
  const causes = causesApart
    ? []
    : causeLines(report, { all, listed: all ? 'listed below' : '-v lists them', paint });
  const broken = report.firstBroken === null ? [] : [brokenLine(report.firstBroken, paint), ''];
  const lead = [...causes, ...(causes.length === 0 ? [] : ['']), ...broken];
  const ofLab = report.checks.filter(({ service }) => service === undefined);
  if (quiet)
    return [
      ...lead,
      ...redLines(ofLab, detail, paint),
      ...servicesNotGreen(report, detail, paint),
      totals(report),
    ].join('\n');
  const head = `meshdev check   lab ${report.lab}   context ${lab.cluster.context}   ${report.startedAt}`;
  const blocks = hopsOf(ofLab).map((hop) => hopBlock(hop, ofLab, lab, detail, paint));
  const services = serviceBlocks(report, lab, detail, paint);
  return [paint('bold', head), '', ...lead, ...blocks, ...services, totals(report)].join('\n');
}

/** Of a run that was stopped: whoever did that wants to know what was found, and not what was not. */
function failed({ checks }: CheckReport, paint: Paint): readonly string[] {
  const own = checks.filter(({ verdict }) => verdict.kind === 'fail');
  const lines = own.slice(0, FAILED_SHOWN).flatMap((check) => checkLines(check, paint));
  return own.length > FAILED_SHOWN ? [...lines, `  ${own.length - FAILED_SHOWN} more failed`] : lines;
}

function hopsOf(checks: readonly CheckResult[]): readonly CheckResult['hop'][] {
  const judged = new Set(checks.map((check) => check.hop));
  return ([...HOP_IDS, 'host', 'lab'] as const).filter((hop) => judged.has(hop));
}

function hopBlock(
  hop: CheckResult['hop'],
  ofLab: readonly CheckResult[],
  lab: Lab,
  detail: Detail,
  paint: Paint,
): string {
  const checks = ofLab.filter((check) => check.hop === hop);
  const title = `${paint('bold', hop.replace('->', ' -> '))}   ${describeHop(hop, lab)}`;
  return [title.trimEnd(), ...blockLines(checks, detail, paint)].join('\n');
}

function describeHop(id: CheckResult['hop'], lab: Lab): string {
  const hop = lab.hops.find((candidate) => candidate.id === id);
  if (hop === undefined) return '';
  const transport = { plaintext: 'plaintext', tls: 'TLS', mtls: 'mutual TLS' }[hop.transport];
  const components = [hop.client, hop.server].filter((component) => component !== undefined).join(' <-> ');
  return [transport, components].filter((part) => part !== '').join(' · ');
}
