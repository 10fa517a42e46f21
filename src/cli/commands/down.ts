import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { Removed } from '../../lab/down.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../program.ts';
import { runScopeOf } from '../run-scope-of.ts';

interface DownOptions extends CommonOptions {
  readonly force?: boolean;
}

export function downCommand(act: Act): Command {
  return withLab(withCommon(new Command('down')))
    .option('--force', 'remove a lab whose state directory is lost')
    .action(
      act(async (cli, options: DownOptions) => {
        const { openLab } = await import('../wire.ts');
        const { down } = await import('../../lab/down.ts');
        const { showActivity } = await import('../activity.ts');
        const { lockLab } = await import('../../lab/lab-lock.ts');
        const { context } = await openLab(cli, options);
        const removed = await (async () => {
          await using _lock = await lockLab(context.files.lock, cli.pid);
          // Awaited here: the lock must not be given back while the lab is still being removed.
          await using activity = showActivity(cli, `removing lab ${context.lab.name}`);
          const scope = runScopeOf(cli, options);
          const run = cli.terminal === undefined ? scope : { ...scope, progress: activity.waits };
          return await down(context, run, options.force === true);
        })();
        if (options.output === 'json') cli.out(asJson(context.lab.name, removed));
        else print(cli, asText(context.lab.name, removed));
        // What could not be looked for is not said to be gone.
        return removed.engineSilent && removed.directories.length > 0 ? EXIT.hostNotFit : EXIT.ok;
      }),
    );
}

function asJson(lab: string, { engineSilent, ...removed }: Removed): string {
  return json({ schemaVersion: '1', kind: 'DownReport', lab, engineSilent, removed });
}

function asText(lab: string, { engineSilent, ...removed }: Removed): string {
  const lines = Object.entries(removed).flatMap(([kind, names]: [string, readonly string[]]) =>
    names.length === 0 ? [] : [`  ${kind.padEnd(12)} ${names.join(', ')}\n`],
  );
  const silent = 'no container engine answers';
  if (lines.length === 0)
    return engineSilent
      ? `there is no lab ${lab} in the state directory, and ${silent} that could hold one\n`
      : `there is no lab ${lab}: nothing to remove\n`;
  const rest = engineSilent
    ? `${silent}: containers, volumes and networks of the lab, where there are any, are still there\n  run    meshdev engine start\n  run    meshdev down\n`
    : '';
  return `removed lab ${lab}\n${lines.join('')}${rest}`;
}
