import { Command } from 'commander';
import { type CommonOptions, withCommon, withConsent, withLab } from '../options.ts';
import type { Act } from '../act.ts';

interface RestartOptions extends CommonOptions {
  readonly check: boolean;
}

export function restartCommand(act: Act): Command {
  return withConsent(withLab(withCommon(new Command('restart'))))
    .option('--no-check', 'do not verify the trust chain afterwards')
    .action(
      act(async (cli, options: RestartOptions) => {
        const { openWantedLab } = await import('../wire.ts');
        const { power, startLab } = await import('../power-flow.ts');
        // Before anything is stopped: a mistake in the file would leave the lab stopped.
        const opened = await openWantedLab(cli, options);
        await power(cli, 'stop', opened, options);
        return startLab(cli, 'restart', opened, options);
      }),
    );
}
