import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { PowerPlan } from '../../lab/power.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';
import type { Powered } from '../power-flow.ts';

interface StopOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

export function stopCommand(act: Act): Command {
  return withLab(withCommon(new Command('stop')))
    .option('--dry-run', 'print what would be stopped and change nothing')
    .action(
      act(async (cli, options: StopOptions) => {
        const { openLab } = await import('../wire.ts');
        const { planOf, power } = await import('../power-flow.ts');
        const opened = await openLab(cli, options);
        const lab = opened.context.lab.name;
        if (options.dryRun === true) {
          const plan = await planOf(cli, 'stop', opened, options);
          if (options.output === 'json') cli.out(planJson(lab, plan));
          else print(cli, planText(lab, plan));
          return EXIT.ok;
        }
        const done = await power(cli, 'stop', opened, options);
        if (options.output === 'json') cli.out(asJson(done));
        else print(cli, asText(done));
        return EXIT.ok;
      }),
    );
}

function planJson(lab: string, { stages, kept }: PowerPlan): string {
  return json({ schemaVersion: '1', kind: 'StopPlan', lab, wouldStop: stages.flat(), kept });
}

function planText(lab: string, { stages }: PowerPlan): string {
  const names = stages.flat();
  return names.length === 0
    ? `lab ${lab} is stopped: nothing to do\n`
    : `would stop lab ${lab}\n  containers   ${names.join(', ')}\n`;
}

function asJson({ lab, changed, kept, durationMs }: Powered): string {
  return json({ schemaVersion: '1', kind: 'StopReport', lab, stopped: changed, kept, durationMs });
}

function asText({ lab, changed, durationMs }: Powered): string {
  if (changed.length === 0) return `lab ${lab} is stopped: nothing to do\n`;
  return `stopped lab ${lab} in ${(durationMs / 1000).toFixed(1)} s; nothing of it is lost\n  containers   ${changed.join(', ')}\n`;
}
