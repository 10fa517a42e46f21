import type { CheckReport, CheckResult } from '../checks/verdict.ts';
import { HOP_IDS } from '../topology/hop.ts';
import type { Lab } from '../topology/lab.ts';
import {
  behindLine,
  brokenLine,
  checkLines,
  foldSkips,
  greenLine,
  isBehind,
  type Paint,
  painter,
} from './check-lines.ts';
import { serviceBlocks, servicesNotGreen } from './services-text.ts';
import { interruptedTotals, totals } from './totals.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Green checks too; otherwise one line per hop and service stands for them. */
  readonly all: boolean;
  /** Only what is not green. */
  readonly quiet?: boolean;
}

/** How many failures a run that was stopped shows. */
const FAILED_SHOWN = 3;

/**
 * The report for people: one block per hop in the order of the chain, then one per service, what is not green with
 * its reason.
 */
export function checkText(report: CheckReport, lab: Lab, options: TextOptions): string {
  const paint = painter(options.colour);
  const head = `meshdev check   lab ${report.lab}   context ${lab.cluster.context}   ${report.startedAt}`;
  const broken = report.firstBroken === null ? [] : [brokenLine(report.firstBroken, paint), ''];
  if (report.interrupted) return [...broken, ...failed(report, paint), interruptedTotals(report)].join('\n');
  const ofLab = report.checks.filter(({ service }) => service === undefined);
  if (options.quiet === true)
    return [...broken, ...notGreen(ofLab, paint), ...servicesNotGreen(report, paint), totals(report)].join(
      '\n',
    );
  const blocks = hopsOf(ofLab).map((hop) => hopBlock(hop, ofLab, lab, options, paint));
  const services = serviceBlocks(report, lab, options.all, paint);
  return [paint('bold', head), '', ...broken, ...blocks, ...services, totals(report)].join('\n');
}

function notGreen(checks: readonly CheckResult[], paint: Paint): readonly string[] {
  return checks
    .filter((check) => ['warn', 'fail', 'unknown'].includes(check.verdict.kind) && !isBehind(check))
    .flatMap((check) => checkLines(check, paint));
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
  { all }: TextOptions,
  paint: Paint,
): string {
  const checks = ofLab.filter((check) => check.hop === hop);
  const shown = checks.filter((check) => all || !(check.verdict.kind === 'pass' || isBehind(check)));
  const title = `${paint('bold', hop.replace('->', ' -> '))}   ${describeHop(hop, lab)}`;
  const lines = (all ? shown : foldSkips(shown)).flatMap((check) => checkLines(check, paint));
  const sums = all ? [] : [...behindLine(checks, paint), ...greenLine(checks, paint)];
  return [title.trimEnd(), ...lines, ...sums].join('\n');
}

function describeHop(id: CheckResult['hop'], lab: Lab): string {
  const hop = lab.hops.find((candidate) => candidate.id === id);
  if (hop === undefined) return '';
  const transport = { plaintext: 'plaintext', tls: 'TLS', mtls: 'mutual TLS' }[hop.transport];
  const components = [hop.client, hop.server].filter((component) => component !== undefined).join(' <-> ');
  return [transport, components].filter((part) => part !== '').join(' · ');
}
