import { Command, Option } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { Plan } from '../../run/step.ts';
import type { AroundManifests } from '../../up/plan/around-manifests.ts';
import { json } from '../../report/json.ts';
import type { CliContext } from '../cli-context.ts';
import { type CommonOptions, withCommon, withConsent, withLab, withShape } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';

interface UpOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly check: boolean;
  readonly watch?: boolean;
}

export function upCommand(act: Act): Command {
  return withConsent(withShape(withLab(withCommon(new Command('up')))))
    .option('--dry-run', 'print the plan with the reason of each step, and change nothing')
    .option('--no-check', 'do not verify the trust chain afterwards')
    .addOption(
      new Option(
        '--watch',
        'then build and deploy services with `build` whenever their sources change',
      ).conflicts(['dryRun']),
    )
    .action(
      act(async (cli, options: UpOptions) => {
        const { openWantedLab } = await import('../wire.ts');
        const flow = await import('../up-flow.ts');
        const { aroundManifests, aroundText } = await import('../../up/plan/around-manifests.ts');
        const opened = await openWantedLab(cli, options);
        if (options.dryRun === true) {
          const plan = await flow.planOnly(cli, opened, options);
          const manifests = aroundManifests(opened.context);
          return printPlan(cli, { plan, manifests, lines: manifests.map(aroundText) }, options.output);
        }
        if (options.watch !== true) return flow.bringUp(cli, opened, options);
        const { upAndWatch } = await import('../watch-flow.ts');
        return upAndWatch(cli, opened, options);
      }),
    );
}

interface ShownPlan {
  readonly plan: Plan;
  readonly manifests: readonly AroundManifests[];
  /** The same, one line for each service. */
  readonly lines: readonly string[];
}

function printPlan(cli: CliContext, { plan, manifests, lines }: ShownPlan, format: string): number {
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
