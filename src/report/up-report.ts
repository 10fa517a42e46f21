import type { CheckReport } from '../checks/verdict.ts';
import type { Outcome } from '../run/execute.ts';
import { json } from './json.ts';
import { DEFAULT_CHOICE, type Lab } from '../topology/lab.ts';
import { checkJson } from './check-json.ts';
import { checkText, type TextOptions } from './check-text.ts';

export interface UpSummary {
  readonly lab: Lab;
  readonly outcome: Outcome;
  /** Undefined with `--no-check`. */
  readonly report: CheckReport | undefined;
  readonly durationMs: number;
  readonly source: { readonly kind: string; readonly because: string };
}

/** What `up` says at its end: what changed and why, what was proved, what to do next. */
export function upText(summary: UpSummary, options: TextOptions): string {
  const { lab, outcome, report, durationMs, source } = summary;
  const changed = outcome.steps.filter((end) => end.state === 'done');
  const kept = outcome.steps.filter((end) => end.state === 'kept');
  const repairs = changed.map(
    ({ step, durationMs: ms }) =>
      `  ${step.action.padEnd(8)} ${step.title} (${(ms / 1000).toFixed(1)} s): ${step.because}`,
  );
  const head = `meshdev up      lab ${lab.name}   ${changed.length} changed, ${kept.length} kept   images: ${source.kind}, ${source.because}`;
  return [
    head,
    ...repairs,
    '',
    ...(report === undefined ? ['the chain was not proved (--no-check)'] : [checkText(report, lab, options)]),
    '',
    `${lab.audience}   up in ${(durationMs / 1000).toFixed(1)} s`,
    '',
    ...nextSteps(lab, report),
    '',
  ].join('\n');
}

function nextSteps(lab: Lab, report: CheckReport | undefined): readonly string[] {
  const name = lab.name === DEFAULT_CHOICE.name ? '' : ` --name ${lab.name}`;
  if (report !== undefined && report.summary.exitCode !== 0) return [`try   meshdev check${name} --verbose`];
  return [
    `try   curl --cacert "$(meshdev env${name} --ca)" -H "Authorization: Bearer $(meshdev token${name} alice)" ${lab.audience}/headers`,
    `      eval "$(meshdev env${name})"; kubectl get pods -A`,
    `      meshdev down${name}`,
  ];
}

export function upJson({ lab, outcome, report, durationMs, source }: UpSummary): string {
  const steps = outcome.steps.map(({ step, state, durationMs: ms }) => ({
    id: step.id,
    action: step.action,
    because: step.because,
    state,
    durationMs: Math.round(ms),
  }));
  const document = {
    schemaVersion: '1',
    kind: 'UpReport',
    lab: lab.name,
    durationMs: Math.round(durationMs),
    imageSource: source,
    steps,
    check: report === undefined ? null : checkJson(report),
  };
  return json(document);
}
