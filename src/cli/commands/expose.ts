import { Command } from 'commander';
import { type CommonOptions, withLab } from '../options.ts';
import type { Act } from '../act.ts';

/** Without `-o`: stdout is that of the process. */
export function exposeCommand(act: Act): Command {
  return withLab(new Command('expose'))
    .argument('<service>', 'a service of meshdev.yaml with local')
    .action(
      act(async (cli, name: string, options: Pick<CommonOptions, 'name' | 'config'>) => {
        const { openLab } = await import('../wire.ts');
        const { exposeService } = await import('../expose-flow.ts');
        const { context } = await openLab(cli, options);
        return exposeService(cli, context, name);
      }),
    );
}
