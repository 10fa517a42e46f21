import { Command, Option } from 'commander';
import { type CommonOptions, withCommon, withConsent, withLab, withShape } from '../options.ts';
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
          const { printPlan } = await import('../print-plan.ts');
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
