import { Command } from 'commander';
import { type CommonOptions, withCommon, withConsent, withLab } from '../options.ts';
import type { Act } from '../act.ts';

interface StartOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly check: boolean;
}

export function startCommand(act: Act): Command {
  return withConsent(withLab(withCommon(new Command('start'))))
    .option('--dry-run', 'print the plan with the reason of each step, and change nothing')
    .option('--no-check', 'do not verify the trust chain afterwards')
    .action(
      act(async (cli, options: StartOptions) => {
        const { openWantedLab } = await import('../wire.ts');
        const { startLab } = await import('../power-flow.ts');
        return startLab(cli, 'start', await openWantedLab(cli, options), options);
      }),
    );
}
