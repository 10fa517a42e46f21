import { ADMIN } from '../sample/names.ts';
import { type CheckReport, nameOf } from '../checks/verdict.ts';
import type { Outcome } from '../run/execute.ts';
import { json } from './json.ts';
import { DEFAULT_CHOICE, type Lab } from '../topology/lab.ts';
import { type ExposedService, isExposed, ownServices } from '../topology/service.ts';
import { checkJson } from './check-json.ts';
import { causeLines } from './causes-text.ts';
import { painter } from './check-lines.ts';
import { checkText, type TextOptions } from './check-text.ts';
import { stepLine } from './step-line.ts';

export interface UpSummary {
  readonly command: 'up' | 'start' | 'restart';
  readonly lab: Lab;
  readonly outcome: Outcome;
  /** Undefined with `--no-check`. */
  readonly report: CheckReport | undefined;
  /** Cases that were red before, and those that are known to be red now. */
  readonly known: { readonly before: readonly string[]; readonly now: readonly string[] };
  /** How many checks there are. */
  readonly of: number;
  readonly durationMs: number;
  readonly source: { readonly kind: string; readonly because: string };
}

export interface UpTextOptions extends TextOptions {
  /** The steps were shown already, as they ended. */
  readonly listed?: boolean;
}

/** What `up` says at its end: what changed and why, what was proved, what to do next. */
export function upText(summary: UpSummary, options: UpTextOptions): string {
  const { command, lab, outcome, report, durationMs, source } = summary;
  const changed = outcome.steps.filter((end) => end.state === 'done');
  const kept = outcome.steps.filter((end) => end.state === 'kept');
  const repairs = changed.map(({ step, durationMs: ms }) => `  ${stepLine(step, ms)}`);
  // Why that source was said when it was chosen; again only to who asks for more.
  const images = options.all ? `${source.kind}, ${source.because}` : source.kind;
  const head = `${`meshdev ${command}`.padEnd(15)} lab ${lab.name}   ${changed.length} changed, ${kept.length} kept   images: ${images}`;
  return [
    ...(options.listed === true ? ['', head] : [head, ...repairs]),
    '',
    ...(report === undefined
      ? ['the trust chain was not verified (--no-check)']
      : [checkText(report, lab, { ...options, causesApart: true })]),
    ...askedLines(summary),
    '',
    `${lab.audience}   up in ${(durationMs / 1000).toFixed(1)} s`,
    ...reachable(lab).map(({ id, audience }) => `${audience}   ${id}`),
    '',
    ...endCauses(summary, options),
    ...nextSteps(summary),
    '',
  ].join('\n');
}

/** What is wrong stands at the end, where people look: `up` repaired what it could, so it is no remedy any more. */
function endCauses({ report, lab }: UpSummary, { colour }: UpTextOptions): readonly string[] {
  if (report === undefined || report.summary.exitCode === 0) return [];
  const listed = `meshdev check${nameFlag(lab)} -v lists them`;
  const causes = (report.causes ?? []).map((cause) => ({
    ...cause,
    remedies: cause.remedies.filter((remedy) => !/^meshdev up\b/.test(remedy)),
  }));
  const lines = causeLines({ causes }, { all: false, listed, paint: painter(colour) });
  return lines.length === 0 ? [] : [...lines, ''];
}

/** Those of meshdev.yaml that people reach. */
function reachable(lab: Lab): readonly ExposedService[] {
  return ownServices(lab).filter(isExposed);
}

/** A part of the checks is not all of them, and what was red and is not asked is not green. */
function askedLines({ lab, report, known, of }: UpSummary): readonly string[] {
  const asked = checksIn(report);
  const again = new Set(known.before.map(idOf)).size;
  const name = nameFlag(lab);
  const part =
    report === undefined || asked === of
      ? []
      : [
          `${asked} of ${of} checks were run${again === 0 ? '' : `, ${again} of them because they were not green before`}; meshdev check${name} runs all`,
        ];
  const open = openIn(known.now, report);
  return open.length === 0
    ? part
    : [...part, `not green before, and not run again: ${open.join(', ')}; meshdev check${name} runs them`];
}

function openIn(red: readonly string[], report: CheckReport | undefined): readonly string[] {
  const judged = new Set((report?.checks ?? []).filter(({ verdict }) => verdict.kind !== 'skip').map(nameOf));
  return red.filter((name) => !judged.has(name));
}

function checksIn(report: CheckReport | undefined): number {
  return new Set((report?.checks ?? []).map(({ id }) => id)).size;
}

function idOf(name: string): string {
  return name.replace(/\[.*$/s, '');
}

function nameFlag({ name }: Lab): string {
  return name === DEFAULT_CHOICE.name ? '' : ` --name ${name}`;
}

function nextSteps({ lab, report, known }: UpSummary): readonly string[] {
  const name = nameFlag(lab);
  if (known.now.length > 0 || (report !== undefined && report.summary.exitCode !== 0))
    return [`try   meshdev check${name} --verbose`];
  return [
    `try   curl --cacert "$(meshdev env${name} --ca)" -H "Authorization: Bearer $(meshdev token${name} ${ADMIN})" ${lab.audience}/headers`,
    `      meshdev kubectl${name} get pods -A`,
    `      meshdev down${name}`,
  ];
}

export function upJson({ lab, outcome, report, known, of, durationMs, source }: UpSummary): string {
  const steps = outcome.steps.map(({ step, state, durationMs: ms }) => ({
    id: step.id,
    action: step.action,
    because: step.because,
    state,
    durationMs: Math.round(ms),
  }));
  return json({
    schemaVersion: '1',
    kind: 'UpReport',
    lab: lab.name,
    durationMs: Math.round(durationMs),
    imageSource: source,
    services: reachable(lab).map(({ id, audience }) => ({ id, url: audience })),
    steps,
    asked: { checks: checksIn(report), of, knownRed: known.now },
    check: report === undefined ? null : checkJson(report),
  });
}
