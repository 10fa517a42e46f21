import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { Removed } from '../../lab/down.ts';
import type { CliContext } from '../cli-context.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';
import { runScopeOf } from '../run-scope-of.ts';

const SILENT = 'no container engine answers';

interface DownOptions extends CommonOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export function downCommand(act: Act): Command {
  return withLab(withCommon(new Command('down')))
    .option('--dry-run', 'print what would be removed and change nothing')
    .option('--force', 'remove a lab whose state directory is lost')
    .action(
      act(async (cli, options: DownOptions) => {
        if (options.dryRun === true) return dryRun(cli, options);
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

async function dryRun(cli: CliContext, options: DownOptions): Promise<number> {
  const { openLab } = await import('../wire.ts');
  const { planDown } = await import('../../lab/down.ts');
  const { context } = await openLab(cli, options);
  const { signal } = runScopeOf(cli, options);
  const { engineSilent, ...wouldRemove } = await planDown(context, signal, options.force === true);
  const lab = context.lab.name;
  if (options.output === 'json')
    cli.out(json({ schemaVersion: '1', kind: 'DownPlan', lab, engineSilent, wouldRemove }));
  else print(cli, planText(lab, { engineSilent, ...wouldRemove }));
  return EXIT.ok;
}

function planText(lab: string, { engineSilent, ...removed }: Removed): string {
  const lines = linesOf(removed);
  const silent = engineSilent ? `${SILENT}: meshdev cannot tell whether it holds parts of the lab\n` : '';
  const what =
    lines.length === 0 ? `there is no lab ${lab}: nothing to remove\n` : `would remove lab ${lab}\n`;
  return `${engineSilent && lines.length === 0 ? '' : what}${lines.join('')}${silent}`;
}

function linesOf(removed: Omit<Removed, 'engineSilent'>): readonly string[] {
  return Object.entries(removed).flatMap(([kind, names]: [string, readonly string[]]) =>
    names.length === 0 ? [] : [`  ${kind.padEnd(12)} ${names.toSorted().join(', ')}\n`],
  );
}

function asJson(lab: string, { engineSilent, ...removed }: Removed): string {
  return json({ schemaVersion: '1', kind: 'DownReport', lab, engineSilent, removed });
}

function asText(lab: string, { engineSilent, ...removed }: Removed): string {
  const lines = linesOf(removed);
  if (lines.length === 0)
    return engineSilent
      ? `there is no lab ${lab} in the state directory, and ${SILENT} that could hold parts of it\n`
      : `there is no lab ${lab}: nothing to remove\n`;
  const rest = engineSilent
    ? `${SILENT}: containers, volumes and networks of the lab may still exist\n  run    meshdev engine start\n  run    meshdev down\n`
    : '';
  return `removed lab ${lab}\n${lines.join('')}${rest}`;
}
