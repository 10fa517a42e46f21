import { EXIT } from '../errors/problems.ts';
import { json } from '../report/json.ts';
import type { Plan } from '../run/step.ts';
import type { AroundManifests } from '../up/plan/around-manifests.ts';
import type { CliContext } from './cli-context.ts';
import { print } from './print.ts';

/** A plan, and what it says of services with manifests. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly manifests?: readonly AroundManifests[];
  /** The same, one line for each service. */
  readonly lines?: readonly string[];
}

/** Prints what `--dry-run` of `up` and `start` found. Returns the exit code. */
export function printPlan(
  cli: CliContext,
  { plan, manifests = [], lines = [] }: ShownPlan,
  format: string,
): number {
  const around = manifests.length === 0 ? {} : { manifests };
  if (format === 'json') cli.out(json({ schemaVersion: '1', kind: 'Plan', ...plan, ...around }));
  else print(cli, planText(plan, lines));
  return EXIT.ok;
}

function planText({ steps }: Plan, around: readonly string[]): string {
  const changed = steps.filter((step) => step.action !== 'keep').length;
  const lines = steps.map(({ action, id, because, ends, removes = [] }) => {
    const asked = [...(ends === undefined ? [] : [ends]), ...removes.map((one) => `${one} is removed`)];
    const consent = asked.length === 0 ? '' : `; needs consent: ${asked.join(', ')}`;
    return `${action.padEnd(8)} ${id.padEnd(10)} ${because}${consent}\n`;
  });
  const more = around.length === 0 ? '' : `\n${around.join('\n')}\n`;
  return `${lines.join('')}${more}\n${steps.length} steps: ${changed} to change, ${steps.length - changed} to keep\n`;
}
