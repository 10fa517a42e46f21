import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { Plan } from '../../run/step.ts';
import { json } from '../../report/json.ts';
import type { CliContext } from '../cli-context.ts';
import { type CommonOptions, withCommon, withConsent, withLab, withShape } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';

interface UpOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly check: boolean;
}

export function upCommand(act: Act): Command {
  return withConsent(withShape(withLab(withCommon(new Command('up')))))
    .option('--dry-run', 'print the plan with the reason of each step, and change nothing')
    .option('--no-check', 'do not verify the trust chain afterwards')
    .action(
      act(async (cli, options: UpOptions) => {
        const { openWantedLab } = await import('../wire.ts');
        const flow = await import('../up-flow.ts');
        const opened = await openWantedLab(cli, options);
        if (options.dryRun === true)
          return printPlan(cli, await flow.planOnly(cli, opened, options), options.output);
        return flow.bringUp(cli, opened, options);
      }),
    );
}

function printPlan(cli: CliContext, plan: Plan, format: string): number {
  if (format === 'json') cli.out(json({ schemaVersion: '1', kind: 'Plan', ...plan }));
  else print(cli, planText(plan));
  return EXIT.ok;
}

function planText({ steps }: Plan): string {
  const changed = steps.filter((step) => step.action !== 'keep').length;
  const lines = steps.map(
    ({ action, id, because, ends }) =>
      `${action.padEnd(8)} ${id.padEnd(10)} ${because}${ends === undefined ? '' : `; needs consent: ${ends}`}\n`,
  );
  return `${lines.join('')}\n${steps.length} steps: ${changed} to change, ${steps.length - changed} to keep\n`;
}
