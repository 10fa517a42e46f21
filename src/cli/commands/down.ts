import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { Removed } from '../../lab/down.ts';
import { withDeadline } from '../deadline.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import type { Act } from '../program.ts';

export function downCommand(act: Act): Command {
  return withLab(withCommon(new Command('down'))).action(
    act(async (cli, options: CommonOptions) => {
      const { openLab } = await import('../wire.ts');
      const { down } = await import('../../lab/down.ts');
      const { lockLab } = await import('../../lab/lab-lock.ts');
      const { context } = await openLab(cli, options);
      const removed = await (async () => {
        await using _lock = await lockLab(context.files.lock, cli.pid);
        // Awaited here: the lock must not be given back while the lab is still being removed.
        return await down(context, {
          signal: withDeadline(cli.signal, options.timeout),
          progress: (message) => cli.err(`${message}\n`),
        });
      })();
      cli.out(
        options.output === 'json' ? asJson(context.lab.name, removed) : asText(context.lab.name, removed),
      );
      return EXIT.ok;
    }),
  );
}

function asJson(lab: string, removed: Removed): string {
  return `${JSON.stringify({ schemaVersion: '1', kind: 'DownReport', lab, removed }, null, 2)}\n`;
}

function asText(lab: string, removed: Removed): string {
  const lines = Object.entries(removed).flatMap(([kind, names]: [string, readonly string[]]) =>
    names.length === 0 ? [] : [`  ${kind.padEnd(12)} ${names.join(', ')}\n`],
  );
  return lines.length === 0
    ? `there is no lab ${lab}: nothing to remove\n`
    : `removed lab ${lab}\n${lines.join('')}`;
}
