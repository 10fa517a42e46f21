import { Command, InvalidArgumentError } from 'commander';
import { type CommonOptions, withLab } from '../options.ts';
import type { Act } from '../act.ts';

type ExposeOptions = Pick<CommonOptions, 'name' | 'config'> & {
  readonly host?: string;
  readonly local?: number;
};

/** Without `-o`: stdout is that of the process. */
export function exposeCommand(act: Act): Command {
  return withLab(new Command('expose'))
    .argument('[service]', 'a service of meshdev.yaml with local; the only one where it is left out')
    .option('--host <name>', 'choose the service by its host')
    .option('--local <port>', 'port of this machine, in the place of that of meshdev.yaml', port)
    .action(
      act(async (cli, service: string | undefined, options: ExposeOptions) => {
        const { openLab } = await import('../wire.ts');
        const { exposeService } = await import('../expose-flow.ts');
        const { context } = await openLab(cli, options);
        return exposeService(cli, context, { ...options, service });
      }),
    );
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value;
  throw new InvalidArgumentError('Use a port from 1 to 65535.');
}
